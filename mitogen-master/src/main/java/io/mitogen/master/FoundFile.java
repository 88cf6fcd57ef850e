// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import java.net.URL;

/**
 * A class file or one copy of a resource on the master.
 *
 * @param origin where it lies, for people: the name of the jar, or the folder
 * @param bytes its content; whoever gets it must not change it
 */
record FoundFile(String origin, byte[] bytes) {
    private static final String JAR_SEPARATOR = "!/";

    /** Returns the file that lies at {@code url}, whose last part is {@code path} or a version of it. */
    static FoundFile at(URL url, String path, byte[] bytes) {
        String text = url.toExternalForm();
        if (text.contains(JAR_SEPARATOR)) {
            String jar = text.substring(0, text.lastIndexOf(JAR_SEPARATOR));
            return new FoundFile(jar.substring(jar.lastIndexOf('/') + 1), bytes); // the full path would be sent often
        }
        return new FoundFile(text.endsWith(path) ? text.substring(0, text.length() - path.length()) : text, bytes);
    }
}
