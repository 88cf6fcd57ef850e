// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.side;

import io.mitogen.bench.report.Samples;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The limit: this process and another one with two pipes between them and no library, a {@link PipeEnd} on each side. One thread at a
 * time. Close it.
 */
public final class BarePipe implements AutoCloseable {
    /** Bytes of a message of the ping-pong: what the frame of an empty call and that of its answer have on average. */
    public static final int MESSAGE_BYTES = 100;

    /** What may be read and written at a time; which is fastest depends on where the ends run. */
    public static final List<Integer> BLOCKS = List.of(32 << 10, 64 << 10, 128 << 10);

    private static final double NS_PER_US = 1e3;
    private static final double NS_PER_S = 1e9;
    private static final int END_SECONDS = 10;

    private final Process process;
    private final FileChannel in;
    private final FileChannel out;
    private final PipeEnd end;

    /** Starts the other process. */
    public BarePipe() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("java.class.path");
        process = new ProcessBuilder(java, "-XX:+UseSerialGC", "-cp", classPath, PipeEnd.class.getName()) // as contexts
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        // The same two pipes, without the streams of java.lang.Process on top.
        Path descriptors = Path.of("/proc", Long.toString(process.pid()), "fd");
        try {
            out = FileChannel.open(descriptors.resolve("0"), StandardOpenOption.WRITE);
            in = FileChannel.open(descriptors.resolve("1"), StandardOpenOption.READ);
        } catch (IOException e) {
            process.destroyForcibly();
            throw e;
        }
        end = new PipeEnd(in, out);
    }

    /** Sends a message there and back {@code warm + count} times, and adds to {@code us} how long each of the last took. */
    public void pingPong(int warm, int count, Samples us) throws IOException {
        end.order(PipeEnd.ECHO, MESSAGE_BYTES, (long) warm + count);
        for (int i = 0; i < warm + count; i++) {
            long startNs = System.nanoTime();
            end.give(MESSAGE_BYTES, MESSAGE_BYTES);
            end.take(MESSAGE_BYTES, MESSAGE_BYTES);
            if (i >= warm) {
                us.add((System.nanoTime() - startNs) / NS_PER_US);
            }
        }
    }

    /** Sends so many bytes there in such blocks, waits until all have been read, and returns how many went each second. */
    public double there(int block, long bytes) throws IOException {
        long startNs = System.nanoTime();
        end.order(PipeEnd.TAKE, block, bytes);
        end.give(block, bytes);
        end.take(1, 1);
        return bytes / ((System.nanoTime() - startNs) / NS_PER_S);
    }

    /**
     * Sends an array, which becomes one at the other end, once with each of {@link #BLOCKS}, and returns how many bytes went each
     * second with the best.
     */
    public double arrayThere(byte[] array) throws IOException {
        double best = 0;
        for (int block : BLOCKS) {
            long startNs = System.nanoTime();
            end.order(PipeEnd.TAKE_ARRAY, block, array.length);
            end.giveArray(block, array);
            end.take(1, 1);
            best = Math.max(best, array.length / ((System.nanoTime() - startNs) / NS_PER_S));
        }
        return best;
    }

    /** Asks for an array of so many bytes, as {@link #arrayThere} sends one. */
    public double arrayBack(int bytes) throws IOException {
        double best = 0;
        for (int block : BLOCKS) {
            long startNs = System.nanoTime();
            end.order(PipeEnd.GIVE_ARRAY, block, bytes);
            end.takeArray(block, bytes);
            best = Math.max(best, bytes / ((System.nanoTime() - startNs) / NS_PER_S));
        }
        return best;
    }

    /** Returns the number of the other process. */
    public long pid() {
        return process.pid();
    }

    /** Returns the processor time of the other process, in seconds. */
    public double cpuSeconds() throws IOException {
        return ProcFile.cpuSeconds(process.pid());
    }

    /** Ends the other process, by force if it does not. */
    @Override
    public void close() throws IOException {
        try (in;
                out) {
            process.getOutputStream().close();
        } finally {
            boolean ended = false;
            try {
                out.close();
                ended = process.waitFor(END_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (!ended) {
                process.destroyForcibly();
            }
        }
    }
}
