// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.InflaterInputStream;

/**
 * Defines the core once more, for a context in this process: what the first stage does in a process of its own. Its parent knows
 * the JDK and nothing of the program. Any thread.
 */
final class GuestLoader extends ClassLoader {
    private final Map<String, byte[]> files;

    private GuestLoader(String context, Map<String, byte[]> files) {
        super("mitogen." + context, getPlatformClassLoader());
        this.files = files;
    }

    /**
     * Makes a loader for the context of that name.
     *
     * @param payload the deflated core, in the form that the first stage reads
     */
    static GuestLoader of(String context, byte[] payload) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        try (DataInputStream in = new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(payload)))) {
            for (String name = in.readUTF(); !name.isEmpty(); name = in.readUTF()) {
                byte[] file = new byte[in.readInt()];
                in.readFully(file);
                files.put(name, file);
            }
        }
        return new GuestLoader(context, files);
    }

    /** Gives a context that starts others the first stage's class file. */
    @Override
    public InputStream getResourceAsStream(String name) {
        byte[] bytes = files.get(name);
        return bytes == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(bytes);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = files.get(name.replace('.', '/') + ".class");
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }
}
