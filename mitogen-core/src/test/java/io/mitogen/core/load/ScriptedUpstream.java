// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.Deflater;

/** A parent that notes what it is asked and answers what it was told to, at once; the rest stays open or is denied. */
final class ScriptedUpstream implements Upstream {
    final List<String> requests = new CopyOnWriteArrayList<>();
    final ConcurrentHashMap<String, ClassImage> answers = new ConcurrentHashMap<>();
    final Importer importer = new Importer(this, 17);
    volatile boolean mayWait = true;
    volatile RuntimeException failure;
    volatile boolean sawInterrupt;

    /** True to answer what no answer was set for negatively, so that a test which asks for too much does not hang. */
    volatile boolean deniesTheRest;

    @Override
    public void request(String path) {
        requests.add(path);
        sawInterrupt |= Thread.currentThread().isInterrupted();
        if (failure != null) {
            throw failure;
        }
        ClassImage answer = answers.get(path);
        if (answer != null) {
            importer.onImage(answer);
        } else if (deniesTheRest) {
            importer.onImage(ClassImage.missing(path, "no answer was set for it"));
        }
    }

    @Override
    public boolean mayWait() {
        return mayWait;
    }

    ScriptedUpstream answer(ClassImage image) {
        answers.put(image.path(), image);
        return this;
    }

    static ClassImage classImage(String path, byte[] bytes) {
        return ClassImage.found(path, "test", deflate(bytes), List.of());
    }

    static ClassImage resource(String path, byte[]... copies) {
        try {
            ByteArrayOutputStream joined = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(joined);
            out.writeInt(copies.length);
            for (byte[] copy : copies) {
                out.writeInt(copy.length);
                out.write(copy);
            }
            return ClassImage.found(path, "test", deflate(joined.toByteArray()), List.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] deflate(byte[] content) {
        Deflater deflater = new Deflater();
        deflater.setInput(content);
        deflater.finish();
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        while (!deflater.finished()) {
            deflated.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return deflated.toByteArray();
    }
}
