// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.foreign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // an interrupt ends no wait
class MergedInputTest {
    /** The common pool may have one thread, which others may need. */
    private static final Executor OWN_THREAD = task -> new Thread(task).start();

    private final PipedOutputStream parent = new PipedOutputStream();
    private final MergedInput merged = MergedInput.start(pipe());

    private InputStream pipe() {
        try {
            return new PipedInputStream(parent, 1 << 20);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] frame(int bytes) {
        byte[] body = new byte[bytes];
        Arrays.fill(body, (byte) bytes);
        return Frames.frame(101, 7, body);
    }

    @Test
    void shouldPassWhatComesAndWhatIsAdded() throws IOException {
        byte[] one = frame(10);
        parent.write(one);
        parent.flush();
        assertArrayEquals(one, merged.readNBytes(one.length));
        byte[] own = frame(3);
        merged.add(own);
        assertArrayEquals(own, merged.readNBytes(own.length));
        parent.close();
        assertEquals(-1, merged.read());
    }

    @Test
    void shouldNotAddAnythingInTheMiddleOfAFrame() throws Exception {
        byte[] large = frame(200);
        byte[] own = frame(5);
        parent.write(large, 0, 100);
        parent.flush();
        assertArrayEquals(Arrays.copyOf(large, 100), merged.readNBytes(100));
        CompletableFuture<Void> added = CompletableFuture.runAsync(() -> merged.add(own), OWN_THREAD);
        assertThrows(java.util.concurrent.TimeoutException.class, () -> added.get(50, TimeUnit.MILLISECONDS));

        parent.write(large, 100, large.length - 100);
        parent.close();
        added.get();

        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.write(large, 100, large.length - 100);
        byte[] rest = merged.readAllBytes();
        assertArrayEquals(expected.toByteArray(), Arrays.copyOf(rest, large.length - 100));
        assertTrue(rest.length == large.length - 100 || rest.length == large.length - 100 + own.length);
    }

    @Test
    void shouldEndWithWhatBrokeTheLink() throws IOException {
        MergedInput broken = MergedInput.start(new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("reset");
            }
        });
        assertEquals(
                "reset", assertThrows(IOException.class, broken::readAllBytes).getMessage());
    }

    @Test
    void shouldEndAReadThatWaitsWhenItIsClosed() throws Exception {
        CompletableFuture<Integer> read = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return merged.read();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                },
                OWN_THREAD);
        merged.close();
        assertEquals(-1, read.get());
        merged.add(frame(1)); // nobody reads it, and nobody waits
    }

    @Test
    void shouldSurviveTheInterruptOfWhoReads() throws Exception {
        Thread[] reader = new Thread[1];
        CompletableFuture<Boolean> read = new CompletableFuture<>();
        reader[0] = new Thread(() -> {
            try {
                merged.read();
                read.complete(Thread.interrupted());
            } catch (IOException e) {
                read.completeExceptionally(e);
            }
        });
        reader[0].start();
        reader[0].interrupt();
        merged.add(frame(1));
        assertTrue(read.get());
    }

    @Test
    void shouldWaitWithWhatIsAddedWhileNobodyReads() throws Exception {
        byte[] large = frame(1 << 20);
        merged.add(large);
        CompletableFuture<Void> next = CompletableFuture.runAsync(() -> merged.add(frame(1)), OWN_THREAD);
        assertThrows(java.util.concurrent.TimeoutException.class, () -> next.get(50, TimeUnit.MILLISECONDS));
        assertFalse(next.isDone());
        merged.readNBytes(large.length);
        next.get();
        parent.close();
    }

    @Test
    void shouldTellNobodyToWaitForeverWhenItIsClosedMeanwhile()
            throws IOException, InterruptedException, ExecutionException {
        merged.add(frame(1 << 20));
        CompletableFuture<Void> next = CompletableFuture.runAsync(() -> merged.add(frame(1)), OWN_THREAD);
        merged.close();
        next.get();
    }
}
