// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.suite;

import io.mitogen.bench.work.BlobTransfer;
import io.mitogen.bench.work.BytesOnWire;
import io.mitogen.bench.work.CallPipelined;
import io.mitogen.bench.work.CallRtt;
import io.mitogen.bench.work.CallRttHops;
import io.mitogen.bench.work.CallThreads;
import io.mitogen.bench.work.ClassShip;
import io.mitogen.bench.work.ConnectBurst;
import io.mitogen.bench.work.Jmh;
import io.mitogen.bench.work.LocalConnect;
import io.mitogen.bench.work.Memory;
import io.mitogen.bench.work.Relay;
import io.mitogen.bench.work.Scale;
import io.mitogen.bench.work.Workload;
import java.util.ArrayList;
import java.util.List;

/** All workloads, in the order in which they run. Any thread. */
final class Catalogue {
    /** Returns all workloads. */
    static List<Workload> all() {
        return List.of(
                new LocalConnect(false),
                new LocalConnect(true),
                new ConnectBurst(),
                new CallRtt(),
                new CallRttHops(),
                new CallPipelined(),
                new CallThreads(),
                new BlobTransfer(),
                new Relay(),
                new ClassShip(),
                new Scale(),
                new Memory(),
                new BytesOnWire(),
                new Jmh());
    }

    private Catalogue() {}

    /**
     * Returns the workloads with these keys, all if there are none.
     *
     * @throws IllegalArgumentException when a key is unknown; says which there are
     */
    static List<Workload> choose(List<String> keys) {
        List<String> unknown = new ArrayList<>(keys);
        List<Workload> chosen = new ArrayList<>();
        for (Workload workload : all()) {
            if (keys.isEmpty() || unknown.remove(workload.key())) {
                chosen.add(workload);
            }
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("no workload is called " + unknown.get(0) + "; there are: "
                    + String.join(", ", all().stream().map(Workload::key).toList()));
        }
        return chosen;
    }
}
