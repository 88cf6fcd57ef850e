// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.testing;

import io.mitogen.core.loop.ChannelReceiveSide;
import io.mitogen.core.loop.ChannelTransmitSide;
import io.mitogen.core.loop.ReceiveSide;
import io.mitogen.core.loop.TransmitSide;
import io.mitogen.core.wire.Message;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;

/** The raw other end of a link over two pipes: says any bytes, reads frames. Blocks; for the test's own thread. */
public final class ScriptedPeer implements Closeable {
    private static final int HEADER = 26;
    private static final int LENGTH_AT = 22;

    private final Pipe towardsUs;
    private final Pipe towardsPeer;
    private final OutputStream out;
    private final InputStream in;

    public ScriptedPeer() throws IOException {
        towardsUs = Pipe.open();
        towardsPeer = Pipe.open();
        out = Channels.newOutputStream(towardsUs.sink());
        in = Channels.newInputStream(towardsPeer.source());
    }

    /** Returns the side for the code under test that hears what this peer says. */
    public ReceiveSide receiveSide() {
        return new ChannelReceiveSide(towardsUs.source());
    }

    /** Returns the side for the code under test whose bytes this peer reads. */
    public TransmitSide transmitSide() {
        return new ChannelTransmitSide(towardsPeer.sink());
    }

    /** Says {@code bytes}, whatever they are. */
    public void say(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** Reads the next frame; null at the end of the stream. */
    public Message hear() throws IOException {
        DataInputStream data = new DataInputStream(in);
        int first = data.read();
        if (first < 0) {
            return null;
        }
        byte[] header = new byte[HEADER];
        header[0] = (byte) first;
        data.readFully(header, 1, HEADER - 1);
        byte[] body = new byte[ByteBuffer.wrap(header).getInt(LENGTH_AT)];
        data.readFully(body);
        return WireBytes.messages(WireBytes.join(header, body)).get(0);
    }

    /** Says nothing more. */
    public void hangUp() throws IOException {
        out.close();
    }

    @Override
    public void close() throws IOException {
        out.close();
        in.close();
    }
}
