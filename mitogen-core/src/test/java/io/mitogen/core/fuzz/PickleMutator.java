// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes new pickles of old ones, opcode by opcode, so that many of them can still be read. One thread. */
public final class PickleMutator {
    private static final int MAX_OPCODES = 20_000;
    private static final int MAX_REPEATS = 400;
    private static final byte[] STOP = {'.'};

    /** Opcodes without an argument that change the stack. */
    private static final byte[] PLAIN = bytes("(]})tledsuRaoN02~");

    private static final int[] LENGTHS = {0, 1, 2, 3, 255, 256, 65535, 0x7fffffff, 0x80000000, -1};

    private final Random random;
    private final List<List<byte[]>> corpus = new ArrayList<>();

    public PickleMutator(Random random, List<byte[]> pickles) {
        this.random = random;
        for (byte[] pickle : pickles) {
            corpus.add(opcodes(pickle));
        }
    }

    /** Returns a mutant. */
    public byte[] next() {
        List<byte[]> opcodes = new ArrayList<>(any());
        for (int count = 1 + random.nextInt(6); count > 0; count--) {
            mutate(opcodes);
        }
        byte[] pickle = join(opcodes);
        if (pickle.length > 0 && random.nextInt(8) == 0) {
            pickle[random.nextInt(pickle.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return random.nextInt(20) == 0 ? Arrays.copyOf(pickle, random.nextInt(pickle.length + 1)) : pickle;
    }

    private List<byte[]> any() {
        return corpus.get(random.nextInt(corpus.size()));
    }

    private void mutate(List<byte[]> opcodes) {
        int at = opcodes.isEmpty() ? 0 : random.nextInt(opcodes.size());
        int end = Math.min(opcodes.size(), at + 1 + random.nextInt(6));
        List<byte[]> run = new ArrayList<>(opcodes.subList(at, end));
        switch (random.nextInt(10)) {
            case 0:
                opcodes.subList(at, end).clear();
                break;
            case 1: // again and again
                for (int i = random.nextInt(MAX_REPEATS); i > 0 && opcodes.size() < MAX_OPCODES; i--) {
                    opcodes.addAll(at, run);
                }
                break;
            case 2: // a part of another one
                List<byte[]> other = any();
                int from = other.isEmpty() ? 0 : random.nextInt(other.size());
                opcodes.addAll(at, other.subList(from, Math.min(other.size(), from + random.nextInt(30))));
                break;
            case 3:
                opcodes.add(at, new byte[] {PLAIN[random.nextInt(PLAIN.length)]});
                break;
            case 4: // remember, and take up again
                opcodes.add(at, new byte[] {'q', (byte) random.nextInt(4)});
                break;
            case 5:
                opcodes.add(at, new byte[] {'h', (byte) random.nextInt(4)});
                break;
            case 6: // the whole inside a list, a tuple or a dict
                opcodes.remove(opcodes.isEmpty() ? null : opcodes.get(opcodes.size() - 1));
                opcodes.addAll(0, List.of(bytes(random.nextBoolean() ? "(" : "]q\u0000(")));
                opcodes.add(bytes(new String[] {"t", "l", "e", "\u0085", "ed"}[random.nextInt(5)]));
                opcodes.add(STOP);
                break;
            case 7:
                replaceLength(opcodes, at);
                break;
            case 8: // itself in itself
                opcodes.add(at, bytes("]q\u0001(h\u0001h\u0001e"));
                break;
            default: // texts of one hash code
                opcodes.add(at, bytes("X\u0004\u0000\u0000\u0000" + (random.nextBoolean() ? "AaBB" : "BBAa")));
        }
    }

    private void replaceLength(List<byte[]> opcodes, int at) {
        if (at < opcodes.size() && opcodes.get(at).length >= 5) {
            byte[] changed = opcodes.get(at).clone();
            int length = LENGTHS[random.nextInt(LENGTHS.length)];
            for (int i = 0; i < 4; i++) {
                changed[1 + i] = (byte) (length >> 8 * i);
            }
            opcodes.set(at, changed);
        }
    }

    private static byte[] bytes(String latin) {
        byte[] bytes = new byte[latin.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) latin.charAt(i);
        }
        return bytes;
    }

    private static byte[] join(List<byte[]> opcodes) {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        opcodes.forEach(pickle::writeBytes);
        return pickle.toByteArray();
    }

    /** Cuts a pickle into opcodes with their arguments; each byte of an unknown one is a piece. */
    private static List<byte[]> opcodes(byte[] pickle) {
        List<byte[]> opcodes = new ArrayList<>();
        int at = 0;
        while (at < pickle.length) {
            int end = (int) Math.max(at + 1, Math.min(pickle.length, at + 1 + argument(pickle, at)));
            opcodes.add(Arrays.copyOfRange(pickle, at, end));
            at = end;
        }
        return opcodes;
    }

    private static long argument(byte[] pickle, int at) {
        switch (pickle[at] & 0xff) {
            case 'K':
            case 'q':
            case 'h':
            case 0x80:
                return 1;
            case 'M':
                return 2;
            case 'J':
            case 'r':
            case 'j':
                return 4;
            case 'G':
            case 0x95:
                return 8;
            case 'U':
            case 'C':
            case 0x8a:
            case 0x8c:
                return 1 + number(pickle, at, 1);
            case 'X':
            case 'T':
            case 'B':
            case 0x8b:
                return 4 + number(pickle, at, 4);
            case 'I':
            case 'L':
            case 'F':
            case 'S':
            case 'V':
            case 'p':
            case 'g':
                return line(pickle, at);
            case 'c':
            case 'i':
                long first = line(pickle, at);
                return first + line(pickle, (int) (at + first));
            default:
                return 0;
        }
    }

    private static long number(byte[] pickle, int at, int bytes) {
        long number = 0;
        for (int i = bytes; i > 0; i--) {
            number = number << 8 | (at + i < pickle.length ? pickle[at + i] & 0xff : 0);
        }
        return number;
    }

    private static long line(byte[] pickle, int at) {
        int end = at + 1;
        while (end < pickle.length && pickle[end] != '\n') {
            end++;
        }
        return end - at;
    }
}
