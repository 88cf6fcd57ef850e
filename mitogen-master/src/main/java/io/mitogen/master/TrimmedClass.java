// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Nullable;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * A class file of the core without what only debuggers, compilers and reflection on this library would miss: source files and
 * line numbers, generic signatures, annotations, the values of constants, which compilers have put where they are used, which
 * parameters the compiler added, which class a nested one stands in. Text constants that nothing refers to any more become empty,
 * so that all numbers stay (JVM specification, chapter 4). One thread at a time.
 */
final class TrimmedClass {
    private static final Set<String> DROPPED = Set.of(
            "ConstantValue",
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
    static final int HEADER_BYTES = 8;
    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int NAME_AND_TYPE = 12;
    private static final int METHOD_HANDLE = 15;

    private final ByteBuffer file;
    private final List<byte[]> constants = new ArrayList<>(); // by index, with their tags; null where there is none
    private final BitSet used = new BitSet(); // the text constants that something refers to
    private final byte[] body;

    TrimmedClass(byte[] classFile) {
        file = ByteBuffer.wrap(classFile);
        file.position(HEADER_BYTES);
        readConstants();
        body = readBody();
    }

    /** Returns the magic number, minor and major version. */
    byte[] header() {
        return Arrays.copyOf(file.array(), HEADER_BYTES);
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
        return constant != null && constant[0] == UTF8;
    }

    /** Returns the bytes of the text at {@code index} as Latin-1; empty when nothing refers to it. */
    String text(int index) {
        return used.get(index) ? textBytes(index, StandardCharsets.ISO_8859_1) : "";
    }

    /** Returns the bytes that follow the constants. */
    byte[] body() {
        return body;
    }

    /** Returns the whole file. */
    byte[] toBytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(header());
        out.writeShort(constantCount());
        for (int i = 1; i < constantCount(); i++) {
            if (isText(i)) {
                out.write(UTF8);
                out.writeShort(text(i).length());
                out.write(text(i).getBytes(StandardCharsets.ISO_8859_1));
            } else if (constant(i) != null) {
                out.write(constant(i));
            }
        }
        out.write(body);
        return bytes.toByteArray();
    }

    private void readConstants() {
        int count = file.getChar();
        constants.add(null);
        while (constants.size() < count) {
            int tag = file.get(file.position());
            int length =
                    switch (tag) {
                        case UTF8 -> Byte.BYTES + Short.BYTES + file.getChar(file.position() + 1);
                        case LONG, DOUBLE -> 9;
                        case METHOD_HANDLE -> 4;
                        case 7, 8, 16, 19, 20 -> 3;
                        default -> 5;
                    };
            byte[] constant = take(length);
            constants.add(constant);
            if (tag == LONG || tag == DOUBLE) {
                constants.add(null); // these take two places
            }
            ByteBuffer fields = ByteBuffer.wrap(constant);
            switch (tag) {
                case 7, 8, 16, 19, 20 -> used.set(fields.getChar(1));
                case NAME_AND_TYPE -> {
                    used.set(fields.getChar(1));
                    used.set(fields.getChar(3));
                }
                default -> {} // refers to no text
            }
        }
    }

    private byte[] take(int length) {
        byte[] bytes = new byte[length];
        file.get(bytes);
        return bytes;
    }

    private byte[] readBody() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            int interfaces = file.getChar(file.position() + 6);
            out.write(take(HEADER_BYTES + Short.BYTES * interfaces));
            readMembers(out);
            readMembers(out);
            readAttributes(file, out);
        } catch (IOException e) {
            throw new AssertionError("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    private void readMembers(DataOutputStream out) throws IOException {
        int count = file.getChar();
        out.writeShort(count);
        for (int i = 0; i < count; i++) {
            out.writeShort(file.getChar());
            out.writeShort(use(file.getChar()));
            out.writeShort(use(file.getChar()));
            readAttributes(file, out);
        }
    }

    private int use(int text) {
        used.set(text);
        return text;
    }

    private void readAttributes(ByteBuffer in, DataOutputStream out) throws IOException {
        int count = in.getChar();
        int kept = 0;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream attributes = new DataOutputStream(bytes);
        for (int i = 0; i < count; i++) {
            int index = in.getChar();
            byte[] content = new byte[in.getInt()];
            in.get(content);
            String name = textBytes(index, StandardCharsets.UTF_8);
            if (!DROPPED.contains(name)) {
                kept++;
                byte[] trimmed = name.equals("Code") ? trimCode(content) : content;
                markTexts(name, ByteBuffer.wrap(content));
                attributes.writeShort(use(index));
                attributes.writeInt(trimmed.length);
                attributes.write(trimmed);
            }
        }
        out.writeShort(kept);
        out.write(bytes.toByteArray());
    }

    private String textBytes(int index, Charset charset) {
        byte[] constant = constants.get(index);
        return new String(constant, 3, constant.length - 3, charset);
    }

    private byte[] trimCode(byte[] content) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(content);
        in.position(HEADER_BYTES + in.getInt(4));
        int handlers = in.getChar();
        in.position(in.position() + HEADER_BYTES * handlers);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(content, 0, in.position());
        readAttributes(in, new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    /** Marks the texts that an attribute refers to: all, when it is one that the core had none of yet. */
    private void markTexts(String attribute, ByteBuffer content) {
        switch (attribute) {
            case "Code", "StackMapTable", "NestHost", "NestMembers", "BootstrapMethods" -> {}
            default -> used.set(1, constants.size());
        }
    }
}
