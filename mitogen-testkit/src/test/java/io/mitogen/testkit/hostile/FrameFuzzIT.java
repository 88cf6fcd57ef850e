// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.MitogenException;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.PythonFunction;
import io.mitogen.core.fuzz.FrameMutator;
import io.mitogen.core.fuzz.Fuzz;
import io.mitogen.core.loop.Broker;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Frames that were good once, said to a real master by a child of its own: the sibling's calls have their values, those of the
 * child end in a named error, and the master's memory does not fill.
 */
@Timeout(300)
final class FrameFuzzIT {
    private static final Logger ALL = Logger.getLogger(""); // a child's records name any logger
    private static final int SIBLING_EVERY = 20; // rounds
    private static final int ROUNDS_PER_CHILD = 200;
    private static final int ENDING_EVERY = 20; // rounds, on average, in which a frame may end the link
    private static final int FRAMES_AT_ONCE = 20;
    private static final long MAX_HEAP_GROWTH = 64 << 20;
    private static final PythonFunction<Object> ANYTHING = PythonFunction.of("any", "thing");

    private final Fuzz fuzz = Fuzz.start("frames", 2); // the other half goes to routers without a process
    private final Random random = fuzz.random();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream(); // by the child of now
    private Broker broker;
    private MasterRouter router;
    private Context honest;
    private HostileChild hostile;
    private Context target;
    private FrameMutator mutator;
    private int children;

    /** A real sibling's function. */
    static final class Honest {
        private Honest() {}

        static int twice(int number) {
            return 2 * number;
        }
    }

    @BeforeEach
    void start() throws IOException {
        printed(false);
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker);
        honest = router.local();
        replaceChild();
    }

    @AfterEach
    void stop() throws IOException {
        hostile.close();
        router.close();
        broker.close();
        printed(true);
    }

    private static void printed(boolean isPrinted) {
        for (Handler handler : ALL.getHandlers()) {
            handler.setLevel(isPrinted ? Level.INFO : Level.OFF);
        }
    }

    private void replaceChild() throws IOException {
        if (hostile != null) {
            hostile.close();
        }
        said.reset();
        hostile = new HostileChild(router, HostileChild.Dialect.JVM);
        target = hostile.boot();
        hostile.readForEver();
        mutator = new FrameMutator(random, hostile.id(), 0, 0, 0, honest.id(), hostile.id(), 4711, -1);
        children++;
    }

    @Test
    void shouldServeTheSiblingWhateverBecomesOfFrames() throws Exception {
        long before = heapInUse();
        while (fuzz.goesOn()) {
            try {
                round();
            } catch (ExecutionException | RuntimeException | Error e) {
                throw fuzz.failure(said.toByteArray(), e);
            }
        }
        System.out.println("frames: " + fuzz.rounds() + " inputs of " + children + " children");
        long growth = heapInUse() - before;
        assertTrue(growth < MAX_HEAP_GROWTH, "the heap grew by " + growth + " bytes");
    }

    private static long heapInUse() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private void round() throws Exception {
        CompletableFuture<Object> pending = random.nextInt(10) == 0 ? target.callAsync(ANYTHING) : null;
        boolean isAlive = say(random.nextInt(ENDING_EVERY) == 0 ? mutator.next() : wellFormed());
        if (fuzz.rounds() % SIBLING_EVERY == 0) {
            int number = random.nextInt(1000);
            CompletableFuture<Integer> twice = honest.callAsync(Honest::twice, number);
            assertEquals(2 * number, twice.get(60, TimeUnit.SECONDS), "the sibling's answer");
        }
        if (!isAlive || fuzz.rounds() % ROUNDS_PER_CHILD == 0) {
            hostile.close();
            awaitNamedEnd(pending);
            replaceChild();
        }
    }

    private byte[] wellFormed() {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < FRAMES_AT_ONCE; i++) {
            frames.writeBytes(mutator.wellFormed());
        }
        return frames.toByteArray();
    }

    /** Returns false when the link is closed. */
    private boolean say(byte[] bytes) {
        said.writeBytes(bytes);
        try {
            hostile.write(bytes);
            return true;
        } catch (IOException expected) {
            return false;
        }
    }

    private static void awaitNamedEnd(CompletableFuture<Object> call) throws Exception {
        if (call == null) {
            return;
        }
        try {
            call.get(60, TimeUnit.SECONDS); // a mutant may have been an answer
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof MitogenException)) {
                throw e;
            }
        }
    }
}
