// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.boot.ChildMain;
import io.mitogen.parent.Parenthood;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** What of this library crosses links: the core, whole, and the list of what a parent needs beyond it. Any thread. */
final class ShippedLibrary {
    private ShippedLibrary() {}

    /**
     * Returns every class of the core, deflated, in the form that the first stage reads: names and bytes, ended by an empty
     * name. Takes some tens of milliseconds the first time; all routers of a process share the array and must not change it.
     */
    static byte[] corePayload() {
        try {
            return Core.PAYLOAD;
        } catch (ExceptionInInitializerError e) {
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        }
    }

    /** The core, made when first needed. */
    private static final class Core {
        static final byte[] PAYLOAD = makePayload();
    }

    private static byte[] makePayload() {
        try {
            return deflate(OwnClasses.read(ChildMain.class, name -> isClass(name, "io/mitogen/core/")));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot collect the classes of io.mitogen.core that contexts need", e);
        }
    }

    /** Returns the binary names of all classes that a child needs before it can be a parent, one a line. */
    static byte[] parentClasses() {
        try {
            Map<String, byte[]> files = OwnClasses.read(
                    Parenthood.class,
                    name -> isClass(name, "io/mitogen/parent/")
                            || isClass(name, "io/mitogen/relay/")
                            || isClass(name, "io/mitogen/connect/"));
            StringBuilder names = new StringBuilder();
            for (String file : files.keySet()) {
                names.append(file.substring(0, file.length() - ".class".length())
                                .replace('/', '.'))
                        .append('\n');
            }
            return names.toString().getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the classes that a parent needs", e);
        }
    }

    private static boolean isClass(String name, String folder) {
        return name.startsWith(folder) && name.endsWith(".class") && !name.endsWith("-info.class");
    }

    private static byte[] deflate(Map<String, byte[]> files) throws IOException {
        if (files.isEmpty()) {
            throw new IOException("none found beside " + ChildMain.class);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Deflater best = new Deflater(Deflater.BEST_COMPRESSION);
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes, best))) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                out.writeUTF(file.getKey());
                out.writeInt(file.getValue().length);
                out.write(file.getValue());
            }
            out.writeUTF("");
        } finally {
            best.end();
        }
        return bytes.toByteArray();
    }
}
