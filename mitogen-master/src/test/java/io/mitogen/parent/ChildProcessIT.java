// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.core.Log;
import io.mitogen.core.LogSink;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.testing.Eventually;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Ends processes whose link is gone. */
final class ChildProcessIT {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String READS_NOTHING_AND_IGNORES_TERM = "trap '' TERM; echo; exec sleep 60";

    private final Broker broker = Broker.start("reaping", 100, LogSink.NONE);

    /** What is written over streams that can only block is written by threads that may hang in the write. */
    @Test
    void shouldKillAProcessWhileAThreadIsStuckInAWriteToIt() throws Exception {
        Process process = new ProcessBuilder("sh", "-c", READS_NOTHING_AND_IGNORES_TERM).start();
        try {
            assertEquals('\n', process.getInputStream().read());
            Thread writer = stuckWriter(process.getOutputStream());
            CountDownLatch ended = new CountDownLatch(1);
            Log log = new Log("reaping", LogSink.NONE);
            broker.runInTurn(() -> {
                ChildProcess child = new ChildProcess(broker, process, new ProcessTree(), log, ended::countDown);
                child.watch();
                child.reap();
            });

            assertEquals(true, ended.await(LONG.toSeconds(), TimeUnit.SECONDS), "killed");
            writer.join(LONG.toMillis());
            assertEquals(false, writer.isAlive(), "the write has ended");
        } finally {
            process.toHandle().destroyForcibly();
            broker.close();
        }
    }

    /** Returns a thread that has filled the pipe and hangs in its next write. */
    private static Thread stuckWriter(OutputStream stdin) {
        AtomicInteger begun = new AtomicInteger();
        Thread writer = new Thread(() -> {
            try {
                while (true) {
                    begun.incrementAndGet();
                    stdin.write(new byte[1 << 20]); // more than any pipe holds
                }
            } catch (IOException expected) {
                // nobody can read it any more
            }
        });
        writer.start();
        Eventually.until(LONG, "it writes", () -> begun.get() == 1 && isInWrite(writer));
        return writer;
    }

    private static boolean isInWrite(Thread writer) {
        StackTraceElement[] stack = writer.getStackTrace();
        return stack.length > 0 && stack[0].getMethodName().equals("writeBytes");
    }
}
