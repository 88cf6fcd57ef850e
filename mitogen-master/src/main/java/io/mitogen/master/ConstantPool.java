// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Reads from a class file which classes it names: supertypes first, then what its code refers to, what the
 * descriptors of its members mention, and annotations, in the order of the file (JVM specification, chapter 4). One thread at a time.
 */
final class ConstantPool {
    private static final int MAGIC = 0xcafebabe;
    private static final int ABSTRACT = 0x0400;
    private static final int ANNOTATION_OR_ENUM = 0x6000;
    private static final int LDC = 0x12;
    private static final int LDC_W = 0x13;
    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int CLASS = 7;
    private static final int STRING = 8;
    private static final int NAME_AND_TYPE = 12;
    private static final int METHOD_TYPE = 16;

    /** Bytes that follow a constant's tag, by tag; 0 for tags that do not exist, and for UTF8, which states its own. */
    private static final int[] LENGTHS = {0, 0, 0, 4, 4, 8, 8, 2, 2, 4, 4, 4, 4, 0, 0, 3, 2, 4, 4, 2, 2};

    private final ByteBuffer file;
    private final Set<String> names = new LinkedHashSet<>();
    private final Set<String> literals = new LinkedHashSet<>();
    private final Set<String> texts = new LinkedHashSet<>();
    private int flags;
    private String own = "";
    private int[] offsets = {}; // of the constants' tags, by index; 0 where there is none
    private String[] decoded = {}; // texts by the index of their constant, null before first use
    private final BitSet described = new BitSet(); // indexes of descriptors whose classes were added

    private ConstantPool(byte[] classFile) {
        file = ByteBuffer.wrap(classFile);
    }

    /**
     * Reads {@code classFile}. Of bytes that are no class file it takes what can be read: they may be shipped all the
     * same, and the JVM that gets them knows best what is wrong.
     */
    static ConstantPool of(byte[] classFile) {
        ConstantPool pool = new ConstantPool(classFile);
        try {
            pool.read();
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException expected) {
            // Malformed: what was found until here stands.
        }
        return pool;
    }

    /** Returns the internal names ({@code com/acme/Facts}) of the classes it mentions, its own included. */
    Set<String> references() {
        return names;
    }

    /** Tells whether the class declares the name that belongs at {@code path}. */
    boolean declares(String path) {
        return path.equals(own + ".class");
    }

    /** Returns the internal names of the classes that its code takes as values, as in {@code Facts.class}; may name some more. */
    Set<String> literals() {
        return literals;
    }

    /** Returns the texts that its code takes as values. */
    Set<String> texts() {
        return texts;
    }

    /** Tells whether it is an interface or an abstract class that other classes may be providers of. */
    boolean mayHaveProviders() {
        return (flags & ABSTRACT) != 0 && (flags & ANNOTATION_OR_ENUM) == 0;
    }

    private void read() {
        if (file.getInt() != MAGIC) {
            throw new IllegalArgumentException("no class file");
        }
        file.getInt(); // version
        indexConstants();
        flags = uint16();
        addClass(uint16());
        own = names.isEmpty() ? "" : names.iterator().next();
        addClass(uint16());
        for (int count = uint16(); count > 0; count--) {
            addClass(uint16());
        }
        for (int index = 1; index < offsets.length; index++) {
            addConstant(index);
        }
        addMembers();
        addMembers();
        addAnnotations();
    }

    private void indexConstants() {
        offsets = new int[uint16()];
        decoded = new String[offsets.length];
        for (int index = 1; index < offsets.length; index++) {
            offsets[index] = file.position();
            int tag = file.get();
            int length = tag == UTF8 ? uint16() : LENGTHS[tag];
            if (length == 0 && tag != UTF8) {
                throw new IllegalArgumentException("constant tag " + tag);
            }
            file.position(file.position() + length);
            if (tag == LONG || tag == DOUBLE) {
                index++; // these take two places
            }
        }
    }

    private void addConstant(int index) {
        int at = offsets[index];
        if (at == 0) {
            return;
        }
        switch (file.get(at)) {
            case CLASS -> addClass(index);
            case STRING -> texts.add(utf8(uint16(at + 1)));
            case NAME_AND_TYPE -> addDescriptor(uint16(at + 3));
            case METHOD_TYPE -> addDescriptor(uint16(at + 1));
            default -> {} // names no class
        }
    }

    /** Adds what the fields, or the methods, at the current position mention in their descriptors. */
    private void addMembers() {
        for (int count = uint16(); count > 0; count--) {
            file.getInt(); // access flags and name
            addDescriptor(uint16());
            for (int attributes = uint16(); attributes > 0; attributes--) {
                String name = utf8(uint16());
                int length = file.getInt();
                if (length < 0 || length > file.remaining()) {
                    throw new IllegalArgumentException("attribute of " + length + " bytes");
                }
                if (name.equals("Code")) {
                    addLiterals(file.position(), file.position() + length - 2);
                }
                file.position(file.position() + length);
            }
        }
    }

    /**
     * Adds each class that an instruction between the offsets loads as a value. Looks at every byte as if an instruction
     * began there, so it finds them all, and now and then one that is none.
     */
    private void addLiterals(int from, int to) {
        for (int at = from; at < to; at++) {
            int opcode = file.get(at);
            int index = opcode == LDC ? file.get(at + 1) & 0xff : opcode == LDC_W ? uint16(at + 1) : 0;
            if (index > 0 && index < offsets.length && offsets[index] != 0 && file.get(offsets[index]) == CLASS) {
                literals.add(utf8(uint16(offsets[index] + 1)));
            }
        }
    }

    /**
     * Adds the types of annotations, and the classes they hold, which stand in plain texts: {@code Lcom/acme/Marked;}.
     * Any other text of that form is taken for one too, which costs a look at the class path at most.
     */
    private void addAnnotations() {
        for (int index = 1; index < offsets.length; index++) {
            int at = offsets[index];
            if (at != 0 && file.get(at) == UTF8 && uint16(at + 1) > 2 && file.get(at + 3) == 'L') {
                String text = utf8(index);
                if (text.indexOf(';') == text.length() - 1 && text.indexOf('<') < 0) {
                    addDescriptor(index);
                }
            }
        }
    }

    private void addClass(int index) {
        if (index == 0) {
            return; // java.lang.Object and modules have no superclass
        }
        int text = uint16(offsets[index] + 1);
        String name = utf8(text);
        if (name.startsWith("[")) {
            addDescriptor(text);
        } else {
            names.add(name);
        }
    }

    /** Adds each class of a field or method descriptor: {@code Lcom/acme/Facts;} wherever it stands. */
    private void addDescriptor(int index) {
        String descriptor = utf8(index);
        if (described.get(index)) {
            return; // many constants may share a text
        }
        described.set(index);
        for (int at = 0; at < descriptor.length(); at++) {
            if (descriptor.charAt(at) == 'L') {
                int end = descriptor.indexOf(';', at);
                if (end < 0) {
                    return; // a plain name, not a descriptor
                }
                names.add(descriptor.substring(at + 1, end));
                at = end;
            }
        }
    }

    private String utf8(int index) {
        if (decoded[index] != null) {
            return decoded[index];
        }
        int at = offsets[index];
        if (at == 0 || file.get(at) != UTF8) {
            throw new IllegalArgumentException("constant " + index + " is no text");
        }
        byte[] bytes = new byte[uint16(at + 1)];
        file.get(at + 3, bytes);
        // The JVM's own variant differs from UTF-8 only in characters outside the basic plane and in NUL.
        decoded[index] = new String(bytes, StandardCharsets.UTF_8);
        return decoded[index];
    }

    private int uint16() {
        return file.getShort() & 0xffff;
    }

    private int uint16(int at) {
        return file.getShort(at) & 0xffff;
    }
}
