// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Writes to the other side, which may stop to read: then whoever writes waits for so long and no longer. A thread writes; it ends when nothing is
 * left to be written. Any thread.
 */
final class PatientOutput implements Closeable {
    private final OutputStream out;
    private final Duration patience;
    private final ThreadPoolExecutor writer;
    private volatile boolean stuck; // for good

    PatientOutput(String name, OutputStream out, Duration patience) {
        this.out = out;
        this.patience = patience;
        this.writer = new ThreadPoolExecutor(
                1,
                1,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                work -> daemon("conformance write " + name, work));
        writer.allowCoreThreadTimeOut(true);
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Writes all; what was written before and is not taken yet goes first. */
    void write(byte[] bytes) throws IOException {
        await(() -> {
            out.write(bytes);
            out.flush();
            return null;
        });
    }

    private void await(Callable<?> work) throws IOException {
        try {
            writer.submit(work).get(stuck ? 0 : patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            stuck = true;
            throw new IOException("the other side has read nothing for " + patience.toMillis() / 1000.0 + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the kit was interrupted", e);
        }
    }

    /** Closes it behind what was written; where the other side does not read that, a thread does that nobody waits for. */
    @Override
    public void close() throws IOException {
        if (stuck) {
            closeSoon(out);
        } else {
            await(() -> {
                out.close();
                return null;
            });
        }
    }

    /** Closes a stream that may keep who does it waiting until the other side is gone. */
    static void closeSoon(OutputStream out) {
        daemon("conformance close", () -> {
                    try {
                        out.close();
                    } catch (IOException expected) { // what is not read is lost
                        return;
                    }
                })
                .start();
    }
}
