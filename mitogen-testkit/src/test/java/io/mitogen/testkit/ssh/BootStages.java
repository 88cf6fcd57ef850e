// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ssh;

import io.mitogen.core.loop.Broker;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.testkit.FaultProxy.Direction;
import io.mitogen.testkit.LocalSshd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Where a connection may be cut: how many bytes have passed in the middle of each stage of a start over ssh. Measured on one
 * start over a slow link, by what the server logs when. Other starts differ by some bytes, so that a stage may be missed by a
 * little where it borders on the next; it is long enough in the middle.
 */
final class BootStages {
    private static final long BYTES_PER_SECOND = 60_000;
    private static final List<String> BORDERS = List.of(
            "SSH2_MSG_KEXINIT sent",
            "SSH2_MSG_KEX_ECDH_INIT received",
            "SSH2_MSG_NEWKEYS received",
            "Accepted publickey",
            "Starting session");
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int PARTS_OF_THE_CORE = 4; // after the command has begun, most is the transfer of the core

    private BootStages() {}

    /**
     * A place for a cut.
     *
     * @param isBeforeReady whether no start is ready by then. While the core is sent, the target answers with a few words only, in
     *     more packets or fewer, so that another start may need fewer bytes there; and so it may one byte before the end.
     */
    record Place(Direction direction, long bytes, boolean isBeforeReady) {}

    /** What has passed at some moment. */
    private record Passed(long toServer, long toClient) {
        static Passed now(FaultyLink link) {
            return new Passed(
                    link.proxy().bytes(Direction.TO_SERVER), link.proxy().bytes(Direction.TO_CLIENT));
        }

        Passed between(Passed other, int part, int parts) {
            return new Passed(
                    toServer + (other.toServer - toServer) * part / parts,
                    toClient + (other.toClient - toClient) * part / parts);
        }
    }

    /** Returns places from before the banner until ready, on a server that logs DEBUG1. */
    static List<Place> measure(LocalSshd sshd) throws Exception {
        List<Passed> borders = new ArrayList<>();
        try (Broker broker = Mitogen.startBroker();
                MasterRouter router = new MasterRouter(broker);
                FaultyLink link = new FaultyLink(sshd)) {
            link.proxy().limitRate(BYTES_PER_SECOND);
            int before = sshd.log().size();
            CompletableFuture<Passed> ready = router.connectAsync(link.ssh()).thenApply(context -> Passed.now(link));
            borders.add(Passed.now(link));
            for (String border : BORDERS) {
                borders.add(await(border, sshd, before, link));
            }
            borders.add(ready.get());
        }
        return places(borders);
    }

    /** Waits for this line in the log, after so many others, and returns what had passed just before it was seen. */
    private static Passed await(String border, LocalSshd sshd, int before, FaultyLink link) {
        AtomicReference<Passed> passed = new AtomicReference<>();
        Eventually.until(SOON, "sshd logs " + border, () -> {
            passed.set(Passed.now(link));
            List<String> log = sshd.log();
            return log.subList(before, log.size()).stream().anyMatch(line -> line.contains(border));
        });
        return passed.get();
    }

    private static List<Place> places(List<Passed> borders) {
        List<Place> places = new ArrayList<>(List.of(new Place(Direction.TO_SERVER, 0, true)));
        int last = borders.size() - 1;
        for (int i = 0; i < last - 1; i++) {
            add(places, borders.get(i).between(borders.get(i + 1), 1, 2), true, true);
        }
        for (int part = 1; part < PARTS_OF_THE_CORE; part++) {
            add(places, borders.get(last - 1).between(borders.get(last), part, PARTS_OF_THE_CORE), true, false);
        }
        Passed beforeReady =
                new Passed(borders.get(last).toServer() - 1, borders.get(last).toClient() - 1);
        add(places, beforeReady, false, false);
        return places.stream().distinct().toList();
    }

    private static void add(
            List<Place> places, Passed passed, boolean isBeforeReadyToServer, boolean isBeforeReadyToClient) {
        places.add(new Place(Direction.TO_SERVER, passed.toServer(), isBeforeReadyToServer));
        places.add(new Place(Direction.TO_CLIENT, passed.toClient(), isBeforeReadyToClient));
    }
}
