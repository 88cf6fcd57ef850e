// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.mitogen.core.loop.BrokerDriver;
import io.mitogen.core.loop.ChannelReceiveSide;
import io.mitogen.core.loop.ChannelTransmitSide;
import io.mitogen.core.loop.Stream;
import io.mitogen.core.testing.QuietLogExtension;
import io.mitogen.core.testing.WireBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a relay allocates for the frames that it forwards from one pipe to another: not a byte. Every object on the way is made
 * once for each link or comes from a pool. What the JVM itself does now and then on the measured thread, as when it replaces
 * compiled code, is in some rounds and not in all; what is made for a frame, a read or a turn is in every one.
 */
final class RelayBudgetTest {
    private static final int ROUNDS = 10;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @RegisterExtension
    final QuietLogExtension log = new QuietLogExtension();

    private final BrokerDriver driver = new BrokerDriver(log.sink());
    private final Router router =
            new Router(driver.broker(), new Identity(0), new Router.Settings(1_000_000, false), log.sink());
    private final ByteBuffer drained = ByteBuffer.allocateDirect(256 * 1024);
    private Pipe in;
    private Pipe out;

    @ParameterizedTest
    @CsvSource({"64, 10000", "4096, 10000", "200000, 1000"})
    void shouldAllocateNothingForAFrameItForwards(int bodyBytes, int count) throws IOException {
        in = connect(1, true);
        out = connect(2, false);
        byte[] frame = WireBytes.frame(2, 1, 1, 100, 1000, new byte[bodyBytes]);
        ByteBuffer frames = ByteBuffer.allocateDirect(frame.length).put(frame);
        forward(frames, count);

        long least = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS && least > 0; i++) {
            long before = allocatedBytes();
            forward(frames, count);
            least = Math.min(least, allocatedBytes() - before);
        }

        assertEquals(0, least, "bytes for " + count + " frames of " + bodyBytes + " bytes, in the best of the rounds");
        in.sink().close();
        out.source().close();
    }

    /** Returns what the test's own thread has allocated so far. */
    private static long allocatedBytes() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    /** Returns the pipe of a new child: the one it speaks into, or the one it hears. */
    private Pipe connect(int id, boolean speaks) throws IOException {
        Pipe said = Pipe.open();
        Pipe heard = Pipe.open();
        said.sink().configureBlocking(false);
        heard.source().configureBlocking(false);
        Stream stream = new Stream(
                driver.broker(),
                "child" + id,
                new ChannelReceiveSide(said.source()),
                new ChannelTransmitSide(heard.sink()));
        driver.broker().runInTurn(() -> {
            try {
                stream.open();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            router.connectChild(stream, id);
        });
        return speaks ? said : heard;
    }

    private void forward(ByteBuffer frame, int count) throws IOException {
        long arrived = 0;
        for (int i = 0; i < count; i++) {
            frame.position(0);
            while (frame.hasRemaining() || i == count - 1 && arrived < (long) count * frame.capacity()) {
                in.sink().write(frame);
                driver.settle();
                arrived += Math.max(0, out.source().read(drained.clear()));
            }
        }
    }
}
