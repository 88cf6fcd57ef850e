// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Gathers a long body for this context in arrays that become the message's, so that it is copied once. One thread at a time.
 *
 * <p>Most long bodies are pickles of one long byte string and little else. Such a string gets an array of its own, which can
 * become the value without another copy. It is recognised by its opcode and length; where something else only looks like it,
 * the parts are still the body.
 */
final class LongBody {
    /** What is shorter is no long body. */
    static final int LEAST_BYTES = 32 * 1024;

    /** In so much of the beginning a long string is looked for. */
    private static final int HEAD_BYTES = 1024;

    /** At most so much may stand behind a long string. */
    private static final int TAIL_BYTES = 4 * 1024;

    /** The opcodes of Python's {@code pickletools} before a length of four bytes and a byte string. */
    private static final int BINSTRING = 'T';

    private static final int BINBYTES = 'B';

    /** Set aside for a part when its first byte comes. */
    private static final int FIRST_BYTES = 1024 * 1024;

    /** By so much a part grows that is full: what a peer can have set aside beyond what it sent. */
    private static final int GROWTH = 8;

    private final int length;
    private final ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private int[] lengths = new int[0]; // of the parts, once the head is there
    private byte[][] parts = new byte[0][];
    private int index; // of the part that is being filled
    private int filled; // of it

    /** Begins a body of {@code length} bytes, at least {@link #LEAST_BYTES}. */
    LongBody(int length) {
        this.length = length;
    }

    /** Takes all of {@code input}, which must not be more than is missing. */
    void put(ByteBuffer input) {
        while (head.hasRemaining() && input.hasRemaining()) {
            head.put(input.get());
            if (!head.hasRemaining()) {
                divide();
                fill(head.duplicate().flip());
            }
        }
        fill(input);
    }

    /** Returns the parts of the body, which must be complete. */
    byte[][] parts() {
        return parts;
    }

    private void divide() {
        lengths = new int[] {length};
        for (int at = 0; at + 5 <= HEAD_BYTES; at++) {
            if (head.get(at) == BINSTRING || head.get(at) == BINBYTES) {
                int string = head.getInt(at + 1);
                int tail = length - at - 5 - string;
                if (tail > 0 && tail <= TAIL_BYTES) {
                    lengths = new int[] {at + 5, string, tail};
                    break;
                }
            }
        }
        parts = new byte[lengths.length][];
    }

    private void fill(ByteBuffer input) {
        while (input.hasRemaining()) {
            byte[] part = parts[index];
            if (part == null || filled == part.length) {
                int wanted = (int) Math.min(lengths[index], Math.max(FIRST_BYTES, (long) GROWTH * filled));
                part = part == null ? new byte[wanted] : Arrays.copyOf(part, wanted);
                parts[index] = part;
            }
            int count = Math.min(input.remaining(), part.length - filled);
            input.get(part, filled, count);
            filled += count;
            if (filled == lengths[index]) {
                index++;
                filled = 0;
            }
        }
    }
}
