// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;

/**
 * What follows the constants of a class file, without the attributes and fields that nothing needs at run time. Knows all places
 * where it refers to a constant, so that these can be renumbered (JVM specification, chapters 4 and 6). One thread at a time.
 */
final class ClassBody {
    private static final Set<String> DROPPED = Set.of(
            "LineNumberTable",
            "LocalVariableTable",
            "LocalVariableTypeTable",
            "MethodParameters",
            "Signature",
            "SourceFile",
            "Exceptions",
            "InnerClasses",
            "EnclosingMethod",
            "RuntimeInvisibleAnnotations",
            "RuntimeInvisibleParameterAnnotations",
            "RuntimeInvisibleTypeAnnotations",
            "RuntimeVisibleAnnotations");

    /**
     * What follows each opcode: so many bytes; a constant's index of one byte (c), of two (C), of two before one other byte (M)
     * or two (I); the operands of tableswitch (t), lookupswitch (l) and wide (w).
     */
    private static final String OPERANDS =
            "0000000000000000" + "12cCC11111000000" + "0000000000000000" + "0000001111100000"
                    + "0000000000000000" + "0000000000000000" + "0000000000000000" + "0000000000000000"
                    + "0000200000000000" + "0000000002222222" + "2222222221tl0000" + "00CCCCCCCIIC1C00" + "CC00wM2244";

    private static final String VALUE = "ConstantValue";

    /** A constant that serialization reads. */
    private static final String VERSION = "serialVersionUID";

    private static final int IINC = 0x84;
    private static final int OBJECT = 7;
    private static final int UNINITIALIZED = 8;

    private final ByteBuffer in;
    private final IntFunction<String> texts;
    private final ByteBuffer out;
    private final BitSet references = new BitSet(); // where in out the index of a constant stands, of two bytes
    private final BitSet byteReferences = new BitSet(); // the same, of one byte
    private boolean isKnown = true;

    /**
     * Reads a body.
     *
     * @param file positioned behind the constants; read to its end
     * @param texts returns the text constant at an index
     */
    ClassBody(ByteBuffer file, IntFunction<String> texts) {
        this.in = file;
        this.texts = texts;
        this.out = ByteBuffer.allocate(file.remaining());
        copy(Short.BYTES);
        copyReference();
        copyReference();
        copyReferences();
        readFields();
        readMethods();
        readAttributes();
    }

    /** Tells whether all references are known; an attribute that the core had none of yet may have others. */
    boolean isKnown() {
        return isKnown;
    }

    /** Returns the indices of the constants that this refers to. */
    BitSet constants() {
        BitSet indices = new BitSet();
        references.stream().forEach(at -> indices.set(out.getChar(at)));
        byteReferences.stream().forEach(at -> indices.set(out.get(at) & 0xff));
        indices.clear(0); // which stands for none
        return indices;
    }

    /** Returns the bytes, with new indices of constants, none of which may be above the old one. */
    byte[] renumbered(IntUnaryOperator indices) {
        ByteBuffer bytes = ByteBuffer.wrap(Arrays.copyOf(out.array(), out.position()));
        references.stream().forEach(at -> bytes.putChar(at, (char) indices.applyAsInt(bytes.getChar(at))));
        byteReferences.stream().forEach(at -> bytes.put(at, (byte) indices.applyAsInt(bytes.get(at) & 0xff)));
        return bytes.array();
    }

    private void copy(int bytes) {
        out.put(in.slice(in.position(), bytes));
        in.position(in.position() + bytes);
    }

    private int copyCount() {
        int count = in.getChar();
        out.putChar((char) count);
        return count;
    }

    private int copyByte() {
        int value = in.get();
        out.put((byte) value);
        return value & 0xff;
    }

    private void copyReference() {
        references.set(out.position());
        copy(Short.BYTES);
    }

    private void copyReferences() {
        for (int left = copyCount(); left > 0; left--) {
            copyReference();
        }
    }

    /** Leaves out the fields whose values compilers have put where they are used. */
    private void readFields() {
        int countAt = out.position();
        int kept = 0;
        for (int left = copyCount(); left > 0; left--) {
            int start = out.position();
            boolean isStatic = Modifier.isStatic(in.getChar(in.position()));
            String name = texts.apply(in.getChar(in.position() + Short.BYTES));
            boolean hasValue = readMember();
            if (hasValue && isStatic && !name.equals(VERSION)) {
                out.position(start);
                references.clear(start, out.capacity());
            } else {
                kept++;
            }
        }
        out.putChar(countAt, (char) kept);
    }

    private void readMethods() {
        for (int left = copyCount(); left > 0; left--) {
            readMember();
        }
    }

    private boolean readMember() {
        copy(Short.BYTES);
        copyReference();
        copyReference();
        return readAttributes();
    }

    /** Returns whether one of them is the value of a constant field. */
    private boolean readAttributes() {
        boolean hasValue = false;
        int countAt = out.position();
        int kept = 0;
        for (int left = copyCount(); left > 0; left--) {
            String name = texts.apply(in.getChar(in.position()));
            int length = in.getInt(in.position() + Short.BYTES);
            if (DROPPED.contains(name)) {
                in.position(in.position() + Short.BYTES + Integer.BYTES + length);
                continue;
            }
            kept++;
            hasValue |= name.equals(VALUE);
            copyReference();
            copy(Integer.BYTES);
            int start = out.position();
            readAttribute(name, length);
            out.putInt(start - Integer.BYTES, out.position() - start);
        }
        out.putChar(countAt, (char) kept);
        return hasValue;
    }

    private void readAttribute(String name, int length) {
        switch (name) {
            case "Code" -> readCode();
            case "StackMapTable" -> readStackMaps();
            case VALUE, "NestHost" -> copyReference();
            case "NestMembers", "PermittedSubclasses" -> copyReferences();
            case "BootstrapMethods" -> {
                for (int left = copyCount(); left > 0; left--) {
                    copyReference();
                    copyReferences();
                }
            }
            default -> {
                copy(length);
                isKnown = false;
            }
        }
    }

    private void readCode() {
        copy(2 * Short.BYTES);
        int length = in.getInt(in.position());
        copy(Integer.BYTES);
        int start = in.position();
        while (in.position() < start + length) {
            readInstruction(start);
        }
        for (int left = copyCount(); left > 0; left--) {
            copy(3 * Short.BYTES);
            copyReference();
        }
        readAttributes();
    }

    private void readInstruction(int start) {
        char operands = OPERANDS.charAt(copyByte());
        switch (operands) {
            case 'c' -> {
                byteReferences.set(out.position());
                copy(Byte.BYTES);
            }
            case 'C' -> copyReference();
            case 'M' -> {
                copyReference();
                copy(Byte.BYTES);
            }
            case 'I' -> {
                copyReference();
                copy(Short.BYTES);
            }
            case 't' -> {
                copy(padding(start) + Integer.BYTES);
                int low = in.getInt(in.position());
                int high = in.getInt(in.position() + Integer.BYTES);
                copy(Integer.BYTES * (2 + high - low + 1));
            }
            case 'l' -> {
                copy(padding(start) + Integer.BYTES);
                copy(Integer.BYTES * (1 + 2 * in.getInt(in.position())));
            }
            case 'w' -> copy(copyByte() == IINC ? 2 * Short.BYTES : Short.BYTES);
            default -> copy(operands - '0');
        }
    }

    private int padding(int start) {
        return start - in.position() & Integer.BYTES - 1;
    }

    private void readStackMaps() {
        for (int left = copyCount(); left > 0; left--) {
            int type = copyByte();
            if (type >= 64 && type < 128) {
                readTypes(1);
            } else if (type == 247) {
                copy(Short.BYTES);
                readTypes(1);
            } else if (type > 247 && type < 255) {
                copy(Short.BYTES);
                readTypes(type - 251); // fewer than 1: none
            } else if (type == 255) {
                copy(Short.BYTES);
                readTypes(copyCount());
                readTypes(copyCount());
            }
        }
    }

    private void readTypes(int count) {
        for (int left = count; left > 0; left--) {
            int type = copyByte();
            if (type == OBJECT) {
                copyReference();
            } else if (type == UNINITIALIZED) {
                copy(Short.BYTES);
            }
        }
    }
}
