// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Reads class files of this library through the loader that defined them. The build lists the classes of a module in a resource,
 * so this works wherever a loader keeps them: in folders, jars, jars inside jars, a run-time image, or memory. Any thread.
 */
final class OwnClasses {
    private OwnClasses() {}

    /**
     * Returns class files of {@code module}, by name.
     *
     * @param anchor a class of the module
     * @param module its Maven artifact, as {@code mitogen-core}
     * @param wanted selects files by name, as {@code io/mitogen/core/Log.class}
     * @throws IOException when the list or one of the files cannot be read
     */
    static Map<String, byte[]> read(Class<?> anchor, String module, Predicate<String> wanted) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (BufferedReader names = new BufferedReader(new InputStreamReader(
                open(anchor, "META-INF/mitogen/" + module + ".classes"), StandardCharsets.UTF_8))) {
            for (String name = names.readLine(); name != null; name = names.readLine()) {
                if (wanted.test(name)) {
                    try (InputStream in = open(anchor, name)) {
                        files.put(name, in.readAllBytes());
                    }
                }
            }
        }
        return files;
    }

    private static InputStream open(Class<?> anchor, String name) throws IOException {
        InputStream in = anchor.getResourceAsStream("/" + name);
        if (in == null) {
            throw new IOException(
                    "the loader of " + anchor + " has no resource " + name + ": " + anchor.getClassLoader());
        }
        return in;
    }
}
