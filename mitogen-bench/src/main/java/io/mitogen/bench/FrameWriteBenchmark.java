// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench;

import io.mitogen.core.buffer.BufferPool;
import io.mitogen.core.buffer.BufferQueue;
import io.mitogen.core.wire.Message;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How long does it take to write a message as a frame, from the object to a channel that takes everything? */
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class FrameWriteBenchmark {
    private static final int CHUNK_BYTES = 32 * 1024;
    private static final int KEPT_CHUNKS = 64;

    /** Bytes of the body. */
    @Param({"64", "4096", "200000"})
    private int bodyBytes;

    private Message message;
    private BufferQueue queue;
    private Discard channel;

    /** Makes the message. */
    @Setup
    public void make() throws IOException {
        message = Message.to(2, Frames.HANDLE, 0, new byte[bodyBytes]).from(1, 1);
        queue = new BufferQueue(new BufferPool(CHUNK_BYTES, KEPT_CHUNKS), true);
        channel = new Discard();
    }

    /** Frees the channel. */
    @TearDown
    public void end() throws IOException {
        channel.close();
    }

    /** One frame. */
    @Benchmark
    public long write() throws IOException {
        message.writeTo(queue);
        return queue.writeTo(channel);
    }
}
