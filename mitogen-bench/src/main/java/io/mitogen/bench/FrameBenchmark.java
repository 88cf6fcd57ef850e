// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench;

import io.mitogen.core.buffer.BufferPool;
import io.mitogen.core.wire.FrameReader;
import io.mitogen.core.wire.MessageHeader;
import java.nio.ByteBuffer;
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
import org.openjdk.jmh.annotations.Warmup;

/** How long does it take to cut a frame out of a stream, when it comes whole and when it comes in two parts? */
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class FrameBenchmark {
    private static final int CHUNK_BYTES = 32 * 1024;
    private static final int KEPT_CHUNKS = 64;

    /** Bytes of the body. */
    @Param({"64", "4096", "200000"})
    private int bodyBytes;

    private ByteBuffer frame;
    private FrameReader reader;
    private long seen;

    /** Makes the frame. */
    @Setup
    public void make() {
        frame = Frames.of(1, 2, bodyBytes);
        reader = new FrameReader(new BufferPool(CHUNK_BYTES, KEPT_CHUNKS), MessageHeader.DEFAULT_MAX_BODY_BYTES, 0);
    }

    /** The frame comes whole. */
    @Benchmark
    public long whole() {
        reader.feed(frame.clear(), found -> seen += found.length());
        return seen;
    }

    /** The frame comes in two parts. */
    @Benchmark
    public long halves() {
        reader.feed(frame.clear().limit(frame.capacity() / 2), found -> seen += found.length());
        reader.feed(frame.limit(frame.capacity()), found -> seen += found.length());
        return seen;
    }
}
