// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench;

import io.mitogen.core.LogSink;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.loop.ChannelReceiveSide;
import io.mitogen.core.loop.ChannelTransmitSide;
import io.mitogen.core.loop.Stream;
import io.mitogen.core.route.Identity;
import io.mitogen.core.route.Router;
import io.mitogen.core.wire.MessageHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
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

/**
 * How long does one frame take from one pipe through a router into another, with nothing else under way? That is the kernel and
 * the wake-up of the broker for the most part; what the router itself takes is {@link ForwardBenchmark}'s question.
 */
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class RouteBenchmark {
    private static final int FROM = 1;
    private static final int TO = 2;

    /** Bytes of the body. */
    @Param({"64", "4096", "200000"})
    private int bodyBytes;

    private Broker broker;
    private ByteBuffer frame;
    private ByteBuffer received;
    private Pipe in;
    private Pipe out;

    /** Makes a router with two links. */
    @Setup
    public void start() throws IOException {
        broker = Broker.start("relay", 0, LogSink.NONE);
        Router router = new Router(
                broker,
                new Identity(Identity.MASTER),
                new Router.Settings(MessageHeader.DEFAULT_MAX_BODY_BYTES, false),
                LogSink.NONE);
        in = Pipe.open();
        out = Pipe.open();
        Pipe unused = Pipe.open();
        Pipe silent = Pipe.open();
        connect(router, FROM, in.source(), unused.sink());
        connect(router, TO, silent.source(), out.sink());
        frame = Frames.of(FROM, TO, bodyBytes);
        received = ByteBuffer.allocateDirect(frame.capacity());
    }

    private void connect(Router router, int id, Pipe.SourceChannel source, Pipe.SinkChannel sink) {
        Stream stream = new Stream(broker, "link " + id, new ChannelReceiveSide(source), new ChannelTransmitSide(sink));
        broker.runInTurn(() -> {
            router.connectChild(stream, id);
            try {
                stream.open();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Ends the router. */
    @TearDown
    public void end() {
        broker.close();
    }

    /** One frame in and out again. */
    @Benchmark
    public ByteBuffer forward() throws IOException {
        frame.clear();
        while (frame.hasRemaining()) {
            in.sink().write(frame);
        }
        received.clear();
        while (received.hasRemaining()) {
            out.source().read(received);
        }
        return received;
    }
}
