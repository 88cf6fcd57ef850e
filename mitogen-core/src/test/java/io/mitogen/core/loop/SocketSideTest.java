// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.testing.WireBytes;
import io.mitogen.core.wire.Message;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract over a socket, which both sides share. */
final class SocketSideTest extends SideContract {
    @TempDir
    private static Path folder;

    private static int opened;

    private SocketChannel near;
    private SocketChannel far;

    @Override
    Ends open() throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s" + opened++));
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(address);
            near = SocketChannel.open(address);
            far = listener.accept();
        }
        return new Ends(new ChannelReceiveSide(near), new ChannelTransmitSide(near), new FarIn(far), new FarOut(far));
    }

    @AfterEach
    void closeFarEnd() throws IOException {
        far.close();
    }

    @Test
    void shouldCloseTheSocketWithTheSecondSideOnly() {
        inTurn(ends().receive()::close);
        assertTrue(near.isOpen());
        inTurn(ends().transmit()::close);
        assertFalse(near.isOpen());
    }

    @Test
    void shouldReceiveWhileTheOtherDirectionIsFull() throws Exception {
        FutureTask<Boolean> sent = started(() -> stream().send(Message.to(1, 2, 3, WireBytes.pattern(5_000_000))));
        assertTrue(get(sent));
        assertTrue(stream().queuedBytes() > 0);
        byte[] bytes = WireBytes.pattern(2_000_000);
        ends().farOut().write(bytes); // would never end if nobody read
        assertEquals(5_000_000, read(new DataInputStream(ends().farIn())).body().length);
    }

    @Test
    void shouldRefuseToShareASocketBetweenTwoThatDoTheSame() throws Exception {
        Stream second = new Stream(broker, "second", new ChannelReceiveSide(near), new ChannelTransmitSide(near));
        second.protocol(new RecordingProtocol());
        inTurn(() -> assertTrue(assertThrows(IllegalStateException.class, second::open)
                .getMessage()
                .contains("cannot share")));
    }

    /** Reads as the far end; a close is told to the near one, whose other direction goes on. */
    private static final class FarIn extends InputStream {
        private final SocketChannel socket;

        FarIn(SocketChannel socket) {
            this.socket = socket;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return socket.read(ByteBuffer.wrap(bytes, offset, length));
        }

        @Override
        public void close() throws IOException {
            if (socket.isOpen()) {
                socket.shutdownInput();
            }
        }
    }

    /** Writes as the far end; a close is the end for the near one's receive side only. */
    private static final class FarOut extends OutputStream {
        private final SocketChannel socket;

        FarOut(SocketChannel socket) {
            this.socket = socket;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            ByteBuffer left = ByteBuffer.wrap(bytes, offset, length);
            while (left.hasRemaining()) {
                socket.write(left);
            }
        }

        @Override
        public void close() throws IOException {
            if (socket.isOpen()) {
                socket.shutdownOutput();
            }
        }
    }
}
