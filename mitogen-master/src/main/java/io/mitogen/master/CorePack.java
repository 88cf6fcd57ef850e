// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Writes class files in the form that {@code FirstStage} reads, and describes. Any thread. */
final class CorePack {
    private CorePack() {}

    /** Returns the pack of these files, by name. */
    static byte[] of(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream index = new ByteArrayOutputStream();
        ByteArrayOutputStream heads = new ByteArrayOutputStream();
        ByteArrayOutputStream bodies = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(index);
        out.writeShort(files.size());
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            TrimmedClass trimmed = new TrimmedClass(file.getValue());
            byte[] name = file.getKey().getBytes(StandardCharsets.UTF_8);
            out.writeShort(name.length);
            out.write(name);
            out.writeShort(checkedLength(file.getKey(), trimmed.head()));
            out.writeShort(checkedLength(file.getKey(), trimmed.body()));
            heads.writeBytes(trimmed.head());
            bodies.writeBytes(trimmed.body());
        }
        index.writeBytes(heads.toByteArray());
        index.writeBytes(bodies.toByteArray());
        return deflate(index.toByteArray());
    }

    private static int checkedLength(String name, byte[] part) throws IOException {
        if (part.length > Character.MAX_VALUE) {
            throw new IOException(name + " is too long by " + (part.length - Character.MAX_VALUE) + " bytes");
        }
        return part.length;
    }

    private static byte[] deflate(byte[] whole) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new DataOutputStream(bytes).writeInt(whole.length);
        Deflater best = new Deflater(Deflater.BEST_COMPRESSION);
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, best)) {
            out.write(whole);
        } finally {
            best.end();
        }
        return bytes.toByteArray();
    }
}
