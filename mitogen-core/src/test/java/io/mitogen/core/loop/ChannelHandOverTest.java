// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.testing.QuietLogExtension;
import io.mitogen.core.testing.WireBytes;
import io.mitogen.core.wire.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Pipe;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the broker has to write of what was sent to a channel. Its turns are the test's. */
final class ChannelHandOverTest {
    private static final byte[] BODY = WireBytes.pattern(20_000);

    @RegisterExtension
    final QuietLogExtension log = new QuietLogExtension();

    private final BrokerDriver driver = new BrokerDriver(log.sink());
    private final CountingSink sink = new CountingSink();
    private final Pipe silent = Pipe.open();
    private final RecordingProtocol protocol = new RecordingProtocol();
    private final Stream stream = new Stream(
            driver.broker(), "driven", new ChannelReceiveSide(silent.source()), new ChannelTransmitSide(sink));

    ChannelHandOverTest() throws IOException {}

    @BeforeEach
    void open() {
        stream.protocol(protocol);
        driver.broker().runInTurn(() -> {
            try {
                stream.open();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        driver.settle();
    }

    @AfterEach
    void end() throws IOException {
        silent.sink().close();
        driver.end(null);
        assertEquals(0, driver.broker().pool().lentChunks(), "chunks that are not back");
    }

    @Test
    void shouldLeaveToTheBrokerWhatASenderHadNoMemoryToWrite() {
        OutOfMemoryError failure = new OutOfMemoryError("told to fail");
        sink.failNext(1, failure);
        assertSame(failure, assertThrows(OutOfMemoryError.class, () -> stream.send(message())));
        driver.settle();
        assertArrayEquals(WireBytes.frame(1, 0, 0, 2, 3, BODY), sink.takeBytes());
        assertEquals(0, stream.queuedBytes());
        assertTrue(stream.send(message()), "the next is written at once");
        assertArrayEquals(WireBytes.frame(1, 0, 0, 2, 3, BODY), sink.takeBytes());
    }

    @Test
    void shouldLeaveToTheBrokerWhatABorrowedTurnHadNoMemoryToWrite() {
        OutOfMemoryError failure = new OutOfMemoryError("told to fail");
        sink.failNext(1, failure);
        assertSame(failure, assertThrows(OutOfMemoryError.class, () -> driver.broker()
                .runInTurn(() -> stream.send(message()))));
        driver.settle();
        assertArrayEquals(WireBytes.frame(1, 0, 0, 2, 3, BODY), sink.takeBytes());
        assertEquals(0, stream.queuedBytes());
    }

    @Test
    void shouldKeepWhatWasLentAsItWasWhenItsSenderFailed() {
        byte[] lent = WireBytes.pattern(200_000);
        sink.failNext(1, new OutOfMemoryError("told to fail"));
        assertThrows(
                OutOfMemoryError.class,
                () -> stream.send(Message.to(1, 2, 3, new byte[][] {new byte[1], lent, new byte[1]})));
        Arrays.fill(lent, (byte) 0);
        driver.settle();
        byte[] body = WireBytes.join(new byte[1], WireBytes.pattern(200_000), new byte[1]);
        assertArrayEquals(WireBytes.frame(1, 0, 0, 2, 3, body), sink.takeBytes());
    }

    @Test
    void shouldLoseTheLinkAndNotTheBrokerWhenTheBrokerHasNoMemoryEither() {
        sink.failNext(2, new OutOfMemoryError("told to fail"));
        assertThrows(OutOfMemoryError.class, () -> stream.send(message()));
        driver.settle();
        assertEquals(
                List.of("closed: link failed: cannot write: java.lang.OutOfMemoryError: told to fail"), protocol.steps);
        assertFalse(stream.send(message()));
    }

    @Test
    void shouldCloseWhenTheChannelThrowsWhatItShouldNot() {
        log.expect("closing stream");
        sink.failNext(1, new IllegalStateException("told to fail"));
        assertTrue(stream.send(message()), "whoever waits learns from the close why");
        driver.settle();
        assertEquals(List.of("closed: told to fail"), protocol.steps);
        assertFalse(stream.send(message()));
    }

    private static Message message() {
        return Message.to(1, 2, 3, BODY);
    }
}
