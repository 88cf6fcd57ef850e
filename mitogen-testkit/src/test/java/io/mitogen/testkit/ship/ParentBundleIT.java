// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ship;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.acme.ship.LinkMeter;
import com.acme.ship.Probe;
import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.parent.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a child fetches to become a parent, and that it is all it ever needs to be one. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ParentBundleIT {
    private static final int DEPTH = 5;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void shouldFetchTheBundleOnceAndNothingLaterWhateverAParentDoes() throws Exception {
        LinkMeter meter = new LinkMeter();
        try (Warnings warnings = new Warnings();
                Broker broker = Mitogen.startBroker()) {
            List<Context> chain = new ArrayList<>();
            try (MasterRouter router = new MasterRouter(broker)) {
                router.router().tap(meter);
                chain.add(router.local());
                assertEquals(List.of(), meter.sent(), "a leaf needs nothing");
                for (int level = 1; level < DEPTH; level++) {
                    chain.add(router.connect(Local.create().via(chain.get(level - 1))));
                    if (level == 1) {
                        String figures = "to become a parent: " + meter.figures() + " " + meter.sent();
                        assertEquals(1, meter.requests().size(), figures); // each costs the way there and back
                        assertTrue(meter.sentBytes() <= 280_000, figures);
                    }
                }
                int sent = meter.sent().size();
                playWith(router, chain.get(2), chain.get(DEPTH - 1));
                assertEquals(
                        List.of(),
                        ofParents(meter.sent().subList(sent, meter.sent().size())));
            }
            for (Context each : chain) {
                each.gone().join();
            }
            assertEquals(List.of(), warnings.texts());
        }
    }

    /** Has a parent in the middle do all that parents do: start, fail to start, lose by a kill, lose by a shutdown. */
    private static void playWith(MasterRouter router, Context middle, Context deepest) {
        assertEquals(deepest.id(), deepest.call(Probe::ownId));
        Context killed = router.connect(Local.create().via(middle));
        Context below = router.connect(Local.create().via(killed));
        ProcessHandle process = ProcessHandle.of(killed.call(Probe::ownPid)).orElseThrow();
        process.destroyForcibly();
        below.gone().join();
        killed.gone().join();
        Eventually.until(LIMIT, "the killed process is reaped", () -> !process.isAlive());
        Context ended = router.connect(Local.create().via(middle));
        ended.shutdown();
        ended.gone().join();
        assertThrows(
                ConnectException.class,
                () -> router.connect(Local.create().java("/no/such/java").via(middle)));
        assertThrows(
                ConnectException.class,
                () -> router.connect(
                        Local.create().jvmOptions("-XX:NoSuchOption").via(middle)));
    }

    private static List<String> ofParents(List<String> paths) {
        return paths.stream()
                .filter(each -> each.matches("io/mitogen/(parent|relay|connect)/.*"))
                .toList();
    }
}
