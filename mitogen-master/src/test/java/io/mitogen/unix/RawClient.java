// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.testing.WireBytes;
import io.mitogen.core.wire.Message;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A client that says what its test wants, byte by byte. One thread. */
final class RawClient implements AutoCloseable {
    private static final int HEADER = 26;

    private final SocketChannel channel;

    RawClient(Path path) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
    }

    /** Connects and says a process id. */
    static RawClient joined(Path path, String helloHex) throws IOException {
        RawClient client = new RawClient(path);
        client.send(WireBytes.unhex(helloHex));
        return client;
    }

    void send(byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            channel.write(left);
        }
    }

    byte[] read(int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            assertTrue(channel.read(bytes) >= 0, "the listener closed after " + WireBytes.hex(bytes.array()));
        }
        return bytes.array();
    }

    Welcome welcome() throws IOException {
        return Welcome.of(ByteBuffer.wrap(read(Welcome.BYTES)));
    }

    Message message() throws IOException {
        byte[] header = read(HEADER);
        byte[] body = read(ByteBuffer.wrap(header).getInt(HEADER - Integer.BYTES));
        return WireBytes.messages(WireBytes.join(header, body)).get(0);
    }

    /** Waits for the listener to close, which must not say anything before. */
    void checkClosed() throws IOException {
        try {
            assertEquals(-1, channel.read(ByteBuffer.allocate(1)));
        } catch (SocketException expected) {
            // the end of one that was not accepted yet, or of which something was not read
        }
    }

    void endOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
