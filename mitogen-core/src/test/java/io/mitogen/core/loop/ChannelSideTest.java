// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.wire.Message;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import org.junit.jupiter.api.Test;

/** The contract over pipes that the broker selects on. */
final class ChannelSideTest extends SideContract {
    @Override
    Ends open() throws IOException {
        Pipe in = Pipe.open();
        Pipe out = Pipe.open();
        return new Ends(
                new ChannelReceiveSide(in.source()),
                new ChannelTransmitSide(out.sink()),
                Channels.newInputStream(out.source()),
                Channels.newOutputStream(in.sink()));
    }

    @Test
    void shouldKeepTheLinkWhenAnInterruptedThreadSends() throws Exception {
        boolean stillInterrupted = get(started(() -> {
            Thread.currentThread().interrupt();
            assertTrue(stream().send(Message.text(1, 2, "one")));
            return Thread.interrupted();
        }));
        assertTrue(stillInterrupted);
        assertEquals("one", read(new DataInputStream(ends().farIn())).text());
        assertTrue(stream().send(Message.text(1, 2, "two")));
    }

    @Test
    void shouldNotFailASenderWhenTheBrokerHasEndedBeforeTheChannelIsReady() throws Exception {
        Pipe pipe = Pipe.open();
        Stream lasting = new Stream(
                broker, "lasting", new ChannelReceiveSide(Pipe.open().source()), new ChannelTransmitSide(pipe.sink()));
        lasting.protocol(new RecordingProtocol());
        inTurn(() -> {
            try {
                lasting.openForLife();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        inTurn(() -> stream().close("not this one"));
        broker.close();
        assertTrue(lasting.send(Message.text(1, 2, "last words")));
        assertEquals(
                "last words",
                read(new DataInputStream(Channels.newInputStream(pipe.source())))
                        .text());
        assertTrue(lasting.send(Message.to(1, 2, 0, new byte[1024 * 1024])));
        assertEquals(0, lasting.queuedBytes());
        inTurn(() -> lasting.close("the test is over"));
    }
}
