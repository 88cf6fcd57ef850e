// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.core.loop.BrokerDriver;
import io.mitogen.core.loop.ChannelReceiveSide;
import io.mitogen.core.loop.ChannelTransmitSide;
import io.mitogen.core.loop.CountingSink;
import io.mitogen.core.loop.Stream;
import io.mitogen.core.testing.QuietLogExtension;
import io.mitogen.core.testing.WireBytes;
import io.mitogen.core.wire.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How many writes messages cost, and on which thread. There is no other thread here: what is written needs none. */
final class WriteBudgetTest {
    private static final int SPEAKER = 1;
    private static final int HEARER = 2;
    private static final int MANY = 100;
    private static final int HEADER = 26;

    @RegisterExtension
    final QuietLogExtension log = new QuietLogExtension();

    private final BrokerDriver driver = new BrokerDriver(log.sink());
    private final Router router =
            new Router(driver.broker(), new Identity(0), new Router.Settings(1_000_000, false), log.sink());
    private final CountingSink toHearer = new CountingSink();
    private final Pipe ofSpeaker = Pipe.open();
    private final Pipe ofHearer = Pipe.open();

    WriteBudgetTest() throws IOException {}

    @BeforeEach
    void connect() throws IOException {
        connect(SPEAKER, ofSpeaker, new CountingSink());
        connect(HEARER, ofHearer, toHearer);
    }

    private void connect(int id, Pipe said, CountingSink heard) {
        Stream stream = new Stream(
                driver.broker(), "child" + id, new ChannelReceiveSide(said.source()), new ChannelTransmitSide(heard));
        driver.broker().runInTurn(() -> {
            try {
                stream.open();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            router.connectChild(stream, id);
        });
    }

    @AfterEach
    void end() throws IOException {
        ofSpeaker.sink().close();
        ofHearer.sink().close();
        driver.end(null);
    }

    @Test
    void shouldWriteAMessageOfAnyThreadAtOnceAndInOneWrite() {
        for (int i = 0; i < MANY; i++) {
            send(i);
            assertEquals(1, toHearer.takeWrites(), "writes for message " + i);
        }
        assertEquals(MANY, WireBytes.messages(toHearer.takeBytes()).size());
    }

    @Test
    void shouldWriteAllMessagesOfOneTurnInOneWrite() {
        driver.broker().runInTurn(() -> {
            for (int i = 0; i < MANY; i++) {
                send(i);
            }
            assertEquals(0, toHearer.takeWrites(), "writes inside the turn");
        });

        assertEquals(1, toHearer.takeWrites(), "writes for " + MANY + " messages");
        assertEquals(MANY, WireBytes.messages(toHearer.takeBytes()).size());
    }

    @Test
    void shouldForwardAllFramesOfOneReadInOneWrite() throws IOException {
        byte[] frame = WireBytes.frame(HEARER, SPEAKER, SPEAKER, 1000, 0, new byte[74]);
        ByteBuffer frames = ByteBuffer.allocate(MANY * frame.length);
        for (int i = 0; i < MANY; i++) {
            frames.put(frame);
        }
        ofSpeaker.sink().write(frames.flip());

        driver.settle();

        assertEquals(1, toHearer.takeWrites(), "writes for " + MANY + " frames");
        assertEquals(MANY * frame.length, toHearer.takeBytes().length);
    }

    @Test
    void shouldForwardAFrameLargerThanAReadInOneWrite() throws IOException {
        int chunk = driver.broker().pool().chunkBytes();
        byte[] frame = WireBytes.frame(HEARER, SPEAKER, SPEAKER, 1000, 0, WireBytes.pattern(8 * chunk));
        ofSpeaker.sink().configureBlocking(false);
        ByteBuffer rest = ByteBuffer.wrap(frame);
        while (rest.hasRemaining()) {
            ofSpeaker.sink().write(rest);
            driver.settle();
        }

        assertEquals(1, toHearer.takeWrites(), "writes for a header and " + (frame.length - HEADER) + " bytes");
        assertEquals(frame.length, toHearer.takeBytes().length);
    }

    private void send(int number) {
        router.send(Message.to(HEARER, 1000, 0, WireBytes.pattern(number)));
    }
}
