// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Writes class files in the form that {@code CoreLoader} reads, and describes. One thread at a time. */
final class CorePack {
    private static final String SUFFIX = ".class";

    /** Magic number and minor version of every class file. */
    private static final byte[] MAGIC = {(byte) 0xca, (byte) 0xfe, (byte) 0xba, (byte) 0xbe, 0, 0};

    private static final int MAX_SHARED = 0xff;

    private final Part loader = new Part();
    private final Map<String, Integer> numberOfText = new HashMap<>();
    private final Part shared = new Part();
    private final Part texts = new Part();
    private final Part references = new Part();
    private final Part tags = new Part();
    private final Part numbers = new Part();
    private final Part rests = new Part();

    /** A part of a pack that is being written. */
    private static final class Part {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final DataOutputStream out = new DataOutputStream(bytes);
    }

    private CorePack() {}

    /**
     * Returns the pack of these class files, by name.
     *
     * @param loader the file of {@code CoreLoader}, which a child defines first; empty in a pack that a loader fetches
     */
    static byte[] of(byte[] loader, Map<String, byte[]> files) throws IOException {
        Map<String, TrimmedClass> classes = new TreeMap<>();
        files.forEach((name, file) ->
                classes.put(name.substring(0, name.length() - SUFFIX.length()), new TrimmedClass(file)));
        CorePack pack = new CorePack();
        if (loader.length > 0) {
            pack.loader.out.write(new TrimmedClass(loader).toBytes());
        }
        pack.writeTexts(classes);
        for (Map.Entry<String, TrimmedClass> entry : classes.entrySet()) {
            pack.write(entry.getKey(), entry.getValue());
        }
        return pack.deflate();
    }

    private void writeTexts(Map<String, TrimmedClass> classes) throws IOException {
        SortedSet<String> distinct = new TreeSet<>(classes.keySet());
        for (TrimmedClass file : classes.values()) {
            for (int i = 1; i < file.constantCount(); i++) {
                if (file.isText(i)) {
                    distinct.add(file.text(i));
                }
            }
        }
        checked(distinct.size(), "the texts");
        texts.out.write(MAGIC);
        String before = "";
        for (String text : distinct) {
            numberOfText.put(text, numberOfText.size());
            int start = sharedStart(before, text);
            shared.out.write(start);
            texts.out.write(text.substring(start).getBytes(StandardCharsets.ISO_8859_1));
            texts.out.write(0); // which occurs in no text of a class file
            before = text;
        }
    }

    /** Returns how many characters at their starts two texts share, as far as a byte can tell. */
    private static int sharedStart(String one, String other) {
        int most = Math.min(MAX_SHARED, Math.min(one.length(), other.length()));
        int count = 0;
        while (count < most && one.charAt(count) == other.charAt(count)) {
            count++;
        }
        return count;
    }

    private void write(String name, TrimmedClass file) throws IOException {
        references.out.writeShort(numberOfText.get(name));
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        int size = TrimmedClass.HEADER_BYTES + Short.BYTES + file.body().length;
        for (int i = 1; i < file.constantCount(); i++) {
            byte[] constant = file.constant(i);
            if (file.isText(i)) {
                tags.out.write(constant[0]);
                references.out.writeShort(numberOfText.get(file.text(i)));
                size += Byte.BYTES + Short.BYTES + file.text(i).length();
            } else if (constant != null) {
                tags.out.write(constant[0]);
                fields.writeBytes(relativeTo(i, constant));
                size += constant.length;
            }
        }
        numbers.out.writeShort(checked(size, name));
        numbers.out.write(file.header(), MAGIC.length, Short.BYTES);
        numbers.out.writeShort(file.constantCount());
        numbers.out.write(fields.toByteArray());
        rests.out.write(file.body());
    }

    /** Returns the fields of a constant, each u2 less the constant's index; a leading odd byte stays. */
    private static byte[] relativeTo(int index, byte[] constant) {
        byte[] fields = Arrays.copyOfRange(constant, 1, constant.length);
        ByteBuffer view = ByteBuffer.wrap(fields);
        for (int at = fields.length % Short.BYTES; at < fields.length; at += Short.BYTES) {
            view.putShort(at, (short) (view.getShort(at) - index));
        }
        return fields;
    }

    private static int checked(int count, String what) throws IOException {
        if (count > Character.MAX_VALUE) {
            throw new IOException(what + ": too many for a pack, by " + (count - Character.MAX_VALUE));
        }
        return count;
    }

    private byte[] deflate() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Deflater best = new Deflater(Deflater.BEST_COMPRESSION);
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes, best, true))) {
            for (Part part : new Part[] {loader, shared, texts, references, tags, numbers, rests}) {
                out.writeInt(part.bytes.size());
                out.write(part.bytes.toByteArray());
                out.flush(); // ends a block of the deflated data: each part has its own code
            }
        } finally {
            best.end();
        }
        return bytes.toByteArray();
    }
}
