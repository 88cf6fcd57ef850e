// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Nullable;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * A class file of the core without what only debuggers, compilers and reflection on this library would miss (see {@link ClassBody}),
 * and without the constants that nothing else refers to (JVM specification, chapter 4). Immutable.
 */
final class TrimmedClass {
    static final int HEADER_BYTES = 8;
    private static final int TEXT = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int NAME_AND_TYPE = 12;
    private static final int METHOD_HANDLE = 15;
    private static final int[] NONE = {};

    private final byte[] header;
    private final List<byte[]> constants = new ArrayList<>(); // by index, with their tags; null where there is none
    private final byte[] body;

    TrimmedClass(byte[] classFile) {
        header = Arrays.copyOf(classFile, HEADER_BYTES);
        ByteBuffer file = ByteBuffer.wrap(classFile).position(HEADER_BYTES);
        List<byte[]> all = readConstants(file);
        ClassBody untrimmed = new ClassBody(file, index -> text(all.get(index)));
        int[] indices = keep(all, used(all, untrimmed));
        body = untrimmed.renumbered(index -> indices[index]);
    }

    /** Returns the magic number, minor and major version. */
    byte[] header() {
        return header;
    }

    /** Returns the number of constants, with the unused one at index 0. */
    int constantCount() {
        return constants.size();
    }

    /** Returns the constant at {@code index} with its tag; null at 0 and for the second half of a long or double. */
    @Nullable
    byte[] constant(int index) {
        return constants.get(index);
    }

    /** Tells whether the constant at {@code index} is a text. */
    boolean isText(int index) {
        byte[] constant = constants.get(index);
        return constant != null && constant[0] == TEXT;
    }

    /** Returns the bytes of the text at {@code index} as Latin-1. */
    String text(int index) {
        return text(constants.get(index));
    }

    /** Returns the bytes that follow the constants. */
    byte[] body() {
        return body;
    }

    /** Returns the whole file. */
    byte[] toBytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(header);
        out.writeShort(constantCount());
        for (byte[] constant : constants) {
            if (constant != null) {
                out.write(constant);
            }
        }
        out.write(body);
        return bytes.toByteArray();
    }

    private static List<byte[]> readConstants(ByteBuffer file) {
        List<byte[]> constants = new ArrayList<>();
        int count = file.getChar();
        constants.add(null);
        while (constants.size() < count) {
            int length =
                    switch (file.get(file.position())) {
                        case TEXT -> Byte.BYTES + Short.BYTES + file.getChar(file.position() + 1);
                        case LONG, DOUBLE -> 9;
                        case METHOD_HANDLE -> 4;
                        case 7, 8, 16, 19, 20 -> 3;
                        default -> 5;
                    };
            byte[] constant = new byte[length];
            file.get(constant);
            add(constant, constants);
        }
        return constants;
    }

    private static void add(byte[] constant, List<byte[]> constants) {
        constants.add(constant);
        if (constant[0] == LONG || constant[0] == DOUBLE) {
            constants.add(null); // these take two places
        }
    }

    private static String text(byte[] constant) {
        return new String(constant, 3, constant.length - 3, StandardCharsets.ISO_8859_1);
    }

    /** Returns where a constant has the index of another. */
    private static int[] references(byte[] constant) {
        return switch (constant[0]) {
            case 7, 8, 16, 19, 20 -> new int[] {1};
            case 9, 10, 11, NAME_AND_TYPE -> new int[] {1, 3};
            case METHOD_HANDLE -> new int[] {2};
            case 17, 18 -> new int[] {3}; // behind the index of a bootstrap method
            default -> NONE;
        };
    }

    /** Returns the indices of all that {@code body} refers to, and of what these refer to. */
    private static BitSet used(List<byte[]> constants, ClassBody body) {
        BitSet used = new BitSet();
        if (body.isKnown()) {
            body.constants().stream().forEach(index -> use(index, constants, used));
        } else {
            used.set(1, constants.size());
        }
        return used;
    }

    private static void use(int index, List<byte[]> constants, BitSet used) {
        if (!used.get(index)) {
            used.set(index);
            ByteBuffer constant = ByteBuffer.wrap(constants.get(index));
            for (int at : references(constant.array())) {
                use(constant.getChar(at), constants, used);
            }
        }
    }

    /** Fills the constants of this class with those that are used. Returns their new indices by the old ones. */
    private int[] keep(List<byte[]> all, BitSet used) {
        int[] indices = new int[all.size()];
        constants.add(null);
        for (int i = 1; i < indices.length; i++) {
            if (all.get(i) != null && used.get(i)) {
                indices[i] = constants.size();
                add(all.get(i), constants);
            }
        }
        for (byte[] constant : constants) {
            if (constant != null) {
                ByteBuffer fields = ByteBuffer.wrap(constant);
                for (int at : references(constant)) {
                    fields.putChar(at, (char) indices[fields.getChar(at)]);
                }
            }
        }
        return indices;
    }
}
