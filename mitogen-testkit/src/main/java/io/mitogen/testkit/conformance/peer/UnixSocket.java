// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;

/** A connection to a listener, from its first byte on. One thread reads, one writes; anybody may close it. */
public final class UnixSocket implements Closeable {
    /** What a listener answers to a client's four bytes: three numbers. */
    private static final int WELCOME_BYTES = 12;

    private final SocketChannel channel;
    private final Session session;

    /**
     * What a listener says to a client that is welcome.
     *
     * @param id the client's own, from now on
     * @param listenerId the context that listens
     * @param listenerPid its process
     */
    public record Welcome(int id, int listenerId, int listenerPid) {}

    private UnixSocket(SocketChannel channel, Session session) {
        this.channel = channel;
        this.session = session;
    }

    public static UnixSocket connect(Path path, Session session) throws Deviation, IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(path));
            return new UnixSocket(channel, session);
        } catch (IOException e) {
            channel.close();
            throw new Deviation("a listener at " + path, e.toString());
        }
    }

    public void write(byte... bytes) throws Deviation {
        session.transcript().sent("to the listener", bytes);
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            throw new Deviation("the listener reads what is sent", "writing failed: " + e);
        }
    }

    /** Closes the direction to the listener. */
    public void closeOutput() throws IOException {
        channel.shutdownOutput();
    }

    /** Says who the kit is. */
    public void hello() throws Deviation {
        int pid = (int) ProcessHandle.current().pid();
        write(ByteBuffer.allocate(4).putInt(pid).array());
    }

    /** Returns the answer to {@link #hello}. */
    public Welcome welcome() throws Deviation {
        byte[] bytes = read(WELCOME_BYTES);
        if (bytes.length < WELCOME_BYTES) {
            throw new Deviation("12 bytes from the listener", "the end after " + bytes.length + " bytes");
        }
        ByteBuffer numbers = ByteBuffer.wrap(bytes);
        return new Welcome(numbers.getInt(), numbers.getInt(), numbers.getInt());
    }

    /** Reads so many bytes, or fewer where the connection ends before. */
    public byte[] read(int count) throws Deviation {
        try {
            byte[] bytes = TimedRead.await("unix hello", () -> readNow(count), session.patience());
            session.transcript().received("to the listener", bytes);
            return bytes;
        } catch (TimeoutException e) {
            throw new Deviation(
                    count + " bytes, or the end",
                    "neither came within " + session.patience().toMillis() / 1000.0 + " s");
        } catch (IOException expected) { // reset: it has ended
            return new byte[0];
        }
    }

    private byte[] readNow(int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            continue;
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    /** Makes it a link with frames. */
    public Link link(Welcome welcome) {
        Link.Streams streams = new Link.Streams(new In(), new Out());
        return new Link("to the listener", welcome.id(), welcome.listenerId(), streams, session).start(frame -> {});
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** As {@code Channels.newInputStream}, whose reads would keep writes waiting. */
    private final class In extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return channel.read(ByteBuffer.wrap(bytes, offset, length));
        }
    }

    private final class Out extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
