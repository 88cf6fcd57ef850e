// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.testkit.DescriptorLeakCheck;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.ProcessLeakCheck;
import io.mitogen.testkit.TempFileLeakCheck;
import io.mitogen.testkit.ThreadLeakCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many contexts: what they take while they live, and that they leave nothing. */
@Timeout(300)
final class LeakIT {
    private static final Local SMALL = Local.create().jvmOptions("-Xmx64m", "-XX:TieredStopAtLevel=1");
    private static final int IN_A_ROW = 300;
    private static final int AT_ONCE = 50;
    private static final int DESCRIPTORS_PER_CHILD = 3;
    private static final int DESCRIPTORS_OF_A_BROKER = 2; // epoll and its wake-up
    private static final int THREADS_OF_A_BROKER = 1; // however many children
    private static final Duration IDLE = Duration.ofSeconds(30); // threads for launches and callbacks end when idle

    @Test
    void shouldLeaveNothingWhenContextsStartOneAfterAnother() throws Exception {
        LeakCheck all = LeakCheck.startAll();
        try (Broker broker = Mitogen.startBroker();
                MasterRouter router = new MasterRouter(broker)) {
            LeakCheck ofContexts = null;
            for (int i = 0; i < IN_A_ROW; i++) {
                Context context = router.connect(SMALL);
                assertTrue(context.call(Acts::pid) > 0);
                context.shutdown();
                context.gone().get(Trees.SOON.toMillis(), TimeUnit.MILLISECONDS);
                if (i == 0) {
                    ofContexts = DescriptorLeakCheck.start();
                }
            }
            ofContexts.check(Trees.SOON);
        }
        all.check(IDLE);
    }

    @Test
    void shouldTakeThreeDescriptorsAndNoThreadForEachOfManyContexts() throws Exception {
        LeakCheck all = LeakCheck.startAll();
        LeakCheck descriptors = DescriptorLeakCheck.start();
        LeakCheck threads = ThreadLeakCheck.start();
        LeakCheck processes = ProcessLeakCheck.start();
        LeakCheck files = TempFileLeakCheck.start();
        try (Broker broker = Mitogen.startBroker();
                MasterRouter router = new MasterRouter(broker)) {
            List<CompletableFuture<Context>> attempts = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                attempts.add(router.connectAsync(SMALL));
            }
            for (CompletableFuture<Context> attempt : attempts) {
                attempt.get(2, TimeUnit.MINUTES).call(Acts::pid);
            }
            int expected = AT_ONCE * DESCRIPTORS_PER_CHILD + DESCRIPTORS_OF_A_BROKER;
            Eventually.until(
                    Trees.SOON,
                    "what only launches need is closed",
                    () -> descriptors.leftovers().size() <= expected);
            assertEquals(expected, descriptors.leftovers().size(), () -> "descriptors: " + descriptors.leftovers());
            Eventually.until(
                    IDLE,
                    "one thread, when those for launches and callbacks have ended",
                    () -> threads.leftovers().size() == THREADS_OF_A_BROKER);
            files.check(Trees.SOON);
            Eventually.until(
                    Trees.SOON,
                    "no process but the contexts",
                    () -> processes.leftovers().size() == AT_ONCE);
        }
        all.check(IDLE);
    }
}
