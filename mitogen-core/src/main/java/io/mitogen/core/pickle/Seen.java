// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import java.util.Arrays;

/**
 * What a writer has written so far, and where. Short texts and names are the same if they are equal, anything else only
 * if it is the same object. An object gets a number in the pickle's memo when it is met for the second time, so that a
 * value without shared parts, the usual case, is written without a single PUT. One thread at a time.
 */
final class Seen {
    /*
     * The first places of a text follow from its hash code, which is cached, and lie side by side. A sender can choose texts with
     * one hash code. So after some places the step follows from a salted hash, which nobody can predict. Places of all other
     * objects follow from their identity, which nobody chooses.
     */

    /** Position of a call whose arguments are still being written. */
    static final int UNFINISHED = -1;

    /** Position of a tuple whose items are still being written. */
    static final int OPEN = -2;

    /** Texts longer than this are compared by identity, since a hash of each would cost more than it saves. */
    private static final int MAX_COMPARED_TEXT = 256;

    private static final int ABSENT = -1;

    private static final int CROWDED = 16; // places
    private static final int SALT = (int) System.nanoTime() | 1;

    private Object[] objects = new Object[32];
    private int[] positions = new int[32];
    private int[] indices = new int[32];
    private int size;
    private long[] puts = new long[0];
    private int putCount;

    /** Returns the slot of {@code object}, or a negative number if it has not been seen. */
    int find(Object object) {
        int slot = slot(object);
        return objects[slot] == null ? ABSENT : slot;
    }

    int position(int slot) {
        return positions[slot];
    }

    /** Returns the number in the memo of what is in {@code slot}, which from now on has one. */
    int index(int slot) {
        if (indices[slot] == ABSENT) {
            indices[slot] = putCount;
            if (putCount == puts.length) {
                puts = Arrays.copyOf(puts, Math.max(8, 2 * putCount));
            }
            puts[putCount] = (long) positions[slot] << 32 | putCount;
            putCount++;
        }
        return indices[slot];
    }

    /** Remembers that {@code object} is complete on the stack at {@code position}, {@link #UNFINISHED}, or {@link #OPEN}. */
    void add(Object object, int position) {
        if (2 * size >= objects.length) {
            grow();
        }
        int slot = slot(object);
        size += objects[slot] == null ? 1 : 0;
        objects[slot] = object;
        positions[slot] = position;
        indices[slot] = ABSENT;
    }

    /** Returns the places where a PUT belongs, as {@link PickleOutput#finish} wants them. */
    long[] puts() {
        return Arrays.copyOf(puts, putCount);
    }

    private int slot(Object object) {
        boolean byContent = isByContent(object);
        int hash = byContent ? object.hashCode() : System.identityHashCode(object);
        int mask = objects.length - 1;
        int slot = (hash ^ hash >>> 15) * 0x9e3779b1 >>> 7 & mask;
        int step = 1; // odd, so it reaches every place
        for (int places = 1;
                objects[slot] != null
                        && objects[slot] != object
                        && !(byContent && isByContent(objects[slot]) && object.equals(objects[slot]));
                places++) {
            if (places == CROWDED) {
                step = (byContent ? secretHash(object.toString()) : hash) | 1;
            }
            slot = slot + step & mask;
        }
        return slot;
    }

    private static int secretHash(String text) {
        int hash = SALT;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * SALT;
            hash ^= hash >>> 15;
        }
        return hash;
    }

    private static boolean isByContent(Object object) {
        return object instanceof String
                ? ((String) object).length() <= MAX_COMPARED_TEXT
                : object instanceof GlobalName;
    }

    private void grow() {
        Object[] oldObjects = objects;
        int[] oldPositions = positions;
        int[] oldIndices = indices;
        objects = new Object[2 * oldObjects.length];
        positions = new int[objects.length];
        indices = new int[objects.length];
        for (int i = 0; i < oldObjects.length; i++) {
            if (oldObjects[i] != null) {
                int slot = slot(oldObjects[i]);
                objects[slot] = oldObjects[i];
                positions[slot] = oldPositions[i];
                indices[slot] = oldIndices[i];
            }
        }
    }

    /** The name of a global, which no text is equal to. */
    static final class GlobalName {
        private final String lines;

        GlobalName(String module, String name) {
            lines = module + '\n' + name + '\n';
        }

        /** Returns module and name, a line feed behind each. */
        @Override
        public String toString() {
            return lines;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof GlobalName && lines.equals(((GlobalName) other).lines);
        }

        @Override
        public int hashCode() {
            return lines.hashCode();
        }
    }
}
