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
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A connection to a listener, from its first byte on. One thread reads, one writes; anybody may close it. */
public final class UnixSocket implements Closeable {
    /** What a listener answers to a client's four bytes: three numbers. */
    private static final int WELCOME_BYTES = 12;

    private final SocketChannel channel;
    private final Duration patience;

    /**
     * What a listener says to a client that is welcome.
     *
     * @param id the client's own, from now on
     * @param listenerId the context that listens
     * @param listenerPid its process
     */
    public record Welcome(int id, int listenerId, int listenerPid) {}

    private UnixSocket(SocketChannel channel, Duration patience) {
        this.channel = channel;
        this.patience = patience;
    }

    public static UnixSocket connect(Path path, Duration patience) throws Deviation, IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(path));
            return new UnixSocket(channel, patience);
        } catch (IOException e) {
            channel.close();
            throw new Deviation("a listener at " + path, e.toString());
        }
    }

    public void write(byte... bytes) throws Deviation {
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
        FutureTask<byte[]> reading = new FutureTask<>(() -> {
            ByteBuffer buffer = ByteBuffer.allocate(count);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                continue;
            }
            return Arrays.copyOf(buffer.array(), buffer.position());
        });
        Thread reader = new Thread(reading, "conformance unix hello");
        reader.setDaemon(true);
        reader.start();
        try {
            return reading.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new Deviation(count + " bytes, or the end", "neither came within " + patience.toSeconds() + " s");
        } catch (ExecutionException expected) { // reset: it has ended
            return new byte[0];
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Deviation(count + " bytes, or the end", "the kit was interrupted");
        }
    }

    /** Makes it a link with frames. */
    public Link link(Welcome welcome) {
        Link.Streams streams = new Link.Streams(new In(), new Out());
        return new Link("to the listener", welcome.id(), welcome.listenerId(), streams, patience).start(frame -> {});
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
