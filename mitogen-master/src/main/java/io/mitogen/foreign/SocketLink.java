// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.foreign;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * The two directions of a socket as streams. One thread reads, one at a time writes, {@link #close} is for any and ends both.
 *
 * <p>The JDK's own streams of a channel will not do: before Java 19 nobody can write while somebody reads, and in all of them an
 * interrupt of the thread that writes closes the channel. User code that returns a result may be interrupted; the link must
 * outlive that. A socket that does not block is spared both.
 */
final class SocketLink {
    private final SocketChannel socket;
    private final Selector readable;
    private final Selector writable;

    private SocketLink(SocketChannel socket, Selector readable, Selector writable) {
        this.socket = socket;
        this.readable = readable;
        this.writable = writable;
    }

    /** Makes a link of {@code socket}, which it owns from now on. */
    static SocketLink of(SocketChannel socket) throws IOException {
        socket.configureBlocking(false);
        Selector readable = Selector.open();
        Selector writable = Selector.open();
        socket.register(readable, SelectionKey.OP_READ);
        socket.register(writable, SelectionKey.OP_WRITE);
        return new SocketLink(socket, readable, writable);
    }

    InputStream in() {
        return new Input();
    }

    OutputStream out() {
        return new Output();
    }

    private void close() throws IOException {
        socket.close();
        readable.close();
        writable.close();
    }

    /** Waits until the socket is ready, also when the thread is interrupted. */
    private static void await(Selector ready) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            ready.select();
            ready.selectedKeys().clear();
        } catch (ClosedSelectorException e) {
            throw new IOException("the link is closed", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final class Input extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int limit) throws IOException {
            if (limit == 0) {
                return 0;
            }
            ByteBuffer room = ByteBuffer.wrap(bytes, offset, limit);
            int count = socket.read(room);
            while (count == 0) {
                await(readable);
                count = socket.read(room);
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            SocketLink.this.close();
        }
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int oneByte) throws IOException {
            write(new byte[] {(byte) oneByte}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            ByteBuffer left = ByteBuffer.wrap(bytes, offset, count);
            while (left.hasRemaining()) {
                if (socket.write(left) == 0) {
                    await(writable);
                }
            }
        }

        /** Tells the other end that nothing more comes; what it sends can still be read. */
        @Override
        public void close() throws IOException {
            if (socket.isOpen()) {
                socket.shutdownOutput();
            }
        }
    }
}
