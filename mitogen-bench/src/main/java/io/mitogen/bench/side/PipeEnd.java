// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.side;

import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The far end of the bare pipe: a program that does what it is told with one read and one write of the system for each block, and
 * nothing else. It ends with its standard input. Uses nothing but the JDK.
 *
 * <p>An order is 16 bytes: a letter and three of padding, the size of a block, and a count of 8 bytes. {@code E}: read and write back
 * {@code count} blocks. {@code T}: read {@code count} bytes, then write one. {@code A}: the same, into a
 * new array. {@code B}: write a new array of {@code count} bytes.
 */
final class PipeEnd {
    static final int ORDER_BYTES = 16;
    static final int ECHO = 'E';
    static final int TAKE = 'T';
    static final int TAKE_ARRAY = 'A';
    static final int GIVE_ARRAY = 'B';
    static final int MAX_BLOCK_BYTES = 1 << 20;

    private final FileChannel in;
    private final FileChannel out;
    private final ByteBuffer memory = ByteBuffer.allocateDirect(MAX_BLOCK_BYTES);

    PipeEnd(FileChannel in, FileChannel out) {
        this.in = in;
        this.out = out;
    }

    /** Obeys until the standard input ends. */
    public static void main(String[] args) throws IOException {
        PipeEnd end = new PipeEnd(
                new FileInputStream(FileDescriptor.in).getChannel(),
                new FileOutputStream(FileDescriptor.out).getChannel());
        while (end.obey()) {
            continue;
        }
    }

    private boolean obey() throws IOException {
        ByteBuffer order = ByteBuffer.allocateDirect(ORDER_BYTES);
        while (order.hasRemaining()) {
            if (in.read(order) < 0) {
                return false;
            }
        }
        order.flip();
        int what = order.getInt();
        int block = order.getInt();
        long count = order.getLong();
        if (what == ECHO) {
            for (long i = 0; i < count; i++) {
                take(block, block);
                give(block, block);
            }
        } else if (what == TAKE) {
            take(block, count);
            give(1, 1);
        } else if (what == TAKE_ARRAY) {
            takeArray(block, (int) count);
            give(1, 1);
        } else if (what == GIVE_ARRAY) {
            giveArray(block, new byte[(int) count]);
        } else {
            throw new IOException("unknown order " + what);
        }
        return true;
    }

    /** Orders something of the other end. */
    void order(int what, int block, long count) throws IOException {
        ByteBuffer order = ByteBuffer.allocateDirect(ORDER_BYTES);
        order.putInt(what).putInt(block).putLong(count).flip();
        while (order.hasRemaining()) {
            out.write(order);
        }
    }

    /** Reads so many bytes, at most {@code block} at a time. */
    void take(int block, long bytes) throws IOException {
        long left = bytes;
        while (left > 0) {
            int taken = in.read(memory.clear().limit((int) Math.min(block, left)));
            if (taken < 0) {
                throw new EOFException("the pipe ended with " + left + " of " + bytes + " bytes to come");
            }
            left -= taken;
        }
    }

    /** Writes so many bytes, at most {@code block} at a time. */
    void give(int block, long bytes) throws IOException {
        long left = bytes;
        while (left > 0) {
            left -= out.write(memory.clear().limit((int) Math.min(block, left)));
        }
    }

    /** Reads so many bytes into a new array, at most {@code block} at a time. */
    void takeArray(int block, int bytes) throws IOException {
        byte[] array = new byte[bytes];
        int at = 0;
        while (at < bytes) {
            int taken = in.read(memory.clear().limit(Math.min(block, bytes - at)));
            if (taken < 0) {
                throw new EOFException("the pipe ended with " + (bytes - at) + " of " + bytes + " bytes to come");
            }
            memory.get(0, array, at, taken);
            at += taken;
        }
    }

    /** Writes an array, at most {@code block} at a time. */
    void giveArray(int block, byte[] array) throws IOException {
        int at = 0;
        while (at < array.length) {
            memory.clear().put(array, at, Math.min(block, array.length - at)).flip();
            while (memory.hasRemaining()) {
                at += out.write(memory);
            }
        }
    }
}
