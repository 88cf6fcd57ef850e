// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Writes class files in the form that {@code FirstStage} reads, and describes. Any thread. */
final class CorePack {
    private CorePack() {}

    /** Returns the pack of these files, by name. */
    static byte[] of(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        ByteArrayOutputStream constants = new ByteArrayOutputStream();
        ByteArrayOutputStream texts = new ByteArrayOutputStream();
        ByteArrayOutputStream rests = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(names);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            TrimmedClass trimmed = new TrimmedClass(file.getValue());
            int before = constants.size() + texts.size() + rests.size();
            trimmed.writeTo(constants, texts, rests);
            byte[] name = file.getKey().getBytes(StandardCharsets.UTF_8);
            out.writeShort(name.length);
            out.write(name);
            int size = constants.size() + texts.size() + rests.size() - before;
            if (size > Character.MAX_VALUE) {
                throw new IOException(file.getKey() + " is too long by " + (size - Character.MAX_VALUE) + " bytes");
            }
            out.writeShort(size);
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        out = new DataOutputStream(whole);
        out.writeShort(files.size());
        out.writeInt(constants.size());
        out.writeInt(texts.size());
        for (ByteArrayOutputStream part : List.of(names, constants, texts, rests)) {
            out.write(part.toByteArray());
        }
        return deflate(whole.toByteArray());
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
