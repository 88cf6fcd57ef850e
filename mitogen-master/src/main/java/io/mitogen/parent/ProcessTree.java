// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.BrokerThread;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The processes below this one, as they were a moment ago at most. To look at them takes a pass over all processes of the
 * machine, and when a hundred contexts end at once, a pass for each would keep the broker for seconds.
 */
@BrokerThread
final class ProcessTree {
    private static final long FRESH_NS = 20_000_000;

    private final Map<Long, List<ProcessHandle>> childrenByPid = new HashMap<>();
    private long takenNs = System.nanoTime() - FRESH_NS;

    /** Returns all processes below {@code top}, which this process started. */
    List<ProcessHandle> below(Process top) {
        if (System.nanoTime() - takenNs >= FRESH_NS) {
            look();
            takenNs = System.nanoTime();
        }
        List<ProcessHandle> below = new ArrayList<>();
        ArrayDeque<Long> open = new ArrayDeque<>(List.of(top.pid()));
        while (!open.isEmpty()) {
            for (ProcessHandle child : childrenByPid.getOrDefault(open.remove(), List.of())) {
                below.add(child);
                open.add(child.pid());
            }
        }
        return below;
    }

    private void look() {
        childrenByPid.clear();
        for (ProcessHandle each : ProcessHandle.current().descendants().toList()) {
            Optional<ProcessHandle> parent = each.parent();
            if (parent.isPresent()) {
                childrenByPid
                        .computeIfAbsent(parent.get().pid(), pid -> new ArrayList<>())
                        .add(each);
            }
        }
    }
}
