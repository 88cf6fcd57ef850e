// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.testing.QuietLogExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The steps of a stream's life, and what its broker is left with when one of them fails. */
final class StreamTest {
    @RegisterExtension
    final QuietLogExtension log = new QuietLogExtension();

    private final BrokerDriver driver = new BrokerDriver(log.sink());
    private final Broker broker = driver.broker();
    private final MemoryPeer peer = new MemoryPeer();
    private final RecordingProtocol protocol = new RecordingProtocol();

    @Test
    void shouldLeaveNothingBehindWhenASideCannotStart() {
        ReceiveSide failing = new ReceiveSide() {
            @Override
            public void start(Stream stream) throws IOException {
                throw new IOException("told to fail");
            }

            @Override
            public void close() {
                peer.receiveSide().close();
            }
        };
        Stream stream = new Stream(broker, "failing", failing, peer.transmitSide());
        stream.protocol(protocol);
        broker.runInTurn(() -> assertThrows(IOException.class, stream::open));
        assertTrue(peer.isClosed());
        assertTrue(stream.isClosed());
        assertEquals(List.of(), protocol.steps);
        broker.shutdown();
        driver.settle();
        assertEquals(0, driver.settle(), "nobody keeps the broker from ending");
    }

    @Test
    void shouldCloseItsSidesWhenTheBrokerTakesNoNewMembers() {
        broker.shutdown();
        driver.settle();
        Stream stream = new Stream(broker, "late", peer.receiveSide(), peer.transmitSide());
        broker.runInTurn(() -> assertThrows(BrokerClosedException.class, stream::open));
        assertTrue(peer.isClosed());
    }

    @Test
    void shouldSayGoodbyeThenBeClosedByForceWhenThePeerStays() {
        log.expect("closed by force");
        opened();
        broker.shutdown();
        driver.settle();
        assertEquals(List.of("shutdown"), protocol.steps);
        driver.clock().advanceNs(BrokerDriver.GRACE_NS);
        driver.settle();
        assertEquals(
                List.of("shutdown", "closed: closed by force at the end of the shutdown's grace time"), protocol.steps);
        assertTrue(peer.isClosed());
    }

    @Test
    void shouldNameTheFailureWhenItHasNoMessage() {
        opened();
        peer.fail(new IOException());
        assertEquals(List.of("closed: link failed: java.io.IOException"), protocol.steps);
    }

    @Test
    void shouldCloseWhenWhatWasToHappenInsteadFails() {
        log.expect("closing stream");
        Stream stream = opened();
        broker.runInTurn(() -> stream.onHangUp(() -> {
            throw new IllegalStateException("told to fail");
        }));
        peer.hangUp();
        assertEquals(List.of("closed: told to fail"), protocol.steps);
    }

    @Test
    void shouldCutLinesAndDeliverEndlessOnesInParts() {
        StringBuilder lines = new StringBuilder();
        Stream stream = opened();
        LineProtocol reader = new LineProtocol() {
            @Override
            protected void onLine(Stream on, String line) {
                lines.append(line.length() > 20 ? line.length() + " characters" : line)
                        .append('|');
            }

            @Override
            public void onClosed(Stream on, String reason) {
                lines.append("rest ").append(takePartial());
            }
        };
        broker.runInTurn(() -> stream.protocol(reader));
        for (byte one : "one\r\n\ntwo\n".getBytes(StandardCharsets.US_ASCII)) {
            peer.say(new byte[] {one});
        }
        peer.say(new byte[2 * LineProtocol.MAX_LINE_BYTES]);
        peer.say("\nrest".getBytes(StandardCharsets.US_ASCII));
        peer.hangUp();
        assertEquals("one||two|16384 characters|16384 characters||rest rest", lines.toString());
    }

    @Test
    void shouldDeliverNothingMoreOnceAProtocolClosedIt() {
        Stream stream = opened();
        broker.runInTurn(() -> stream.protocol(new RecordingProtocol() {
            @Override
            public void onBytes(Stream on, ByteBuffer bytes) {
                bytes.get();
                on.protocol(protocol);
                on.close("enough");
            }
        }));
        peer.say(new byte[10]);
        assertEquals(0, protocol.count());
        assertEquals(List.of("closed: enough"), protocol.steps);
    }

    private Stream opened() {
        Stream stream = new Stream(broker, "opened", peer.receiveSide(), peer.transmitSide());
        stream.protocol(protocol);
        broker.runInTurn(() -> {
            try {
                stream.open();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return stream;
    }
}
