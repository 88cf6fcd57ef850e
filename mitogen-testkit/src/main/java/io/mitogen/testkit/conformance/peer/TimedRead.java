// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A read that may take for ever, on a thread of its own, and a wait for it that does not. Any thread. */
final class TimedRead {
    private TimedRead() {}

    /**
     * Returns what {@code read} returns.
     *
     * @throws TimeoutException if it takes longer than {@code limit}; it goes on until somebody closes what it reads
     * @throws IOException its own, or one that tells of another failure
     */
    static <T> T await(String name, Callable<T> read, Duration limit) throws TimeoutException, IOException, Deviation {
        FutureTask<T> reading = new FutureTask<>(read);
        Thread reader = new Thread(reading, "conformance " + name);
        reader.setDaemon(true);
        reader.start();
        try {
            return reading.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Deviation deviation) {
                throw deviation;
            }
            throw new IOException(String.valueOf(e.getCause().getMessage()), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Deviation("to wait to the end", "the kit was interrupted");
        }
    }
}
