// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import java.net.URL;

/**
 * A class file or one copy of a resource on the master.
 *
 * @param origin where it lies, for people: the name of the jar, or the folder
 * @param bytes its content; whoever gets it must not change it
 * @param place the URL of the jar or folder
 */
record FoundFile(String origin, byte[] bytes, String place) {
    private static final String JAR_SEPARATOR = "!/";

    /** Returns the last part of the URL of a jar, or of a folder in one, which has a slash at its end. */
    static String nameOf(String container) {
        return container.substring(container.lastIndexOf('/', container.length() - 2) + 1);
    }

    FoundFile(String origin, byte[] bytes) {
        this(origin, bytes, origin);
    }

    /** Returns the file that lies at {@code url}, whose last part is {@code path} or a version of it. */
    static FoundFile at(URL url, String path, byte[] bytes) {
        String text = url.toExternalForm();
        if (text.contains(JAR_SEPARATOR)) {
            String jar = text.substring(0, text.lastIndexOf(JAR_SEPARATOR));
            return new FoundFile(nameOf(jar), bytes, jar); // the full path would be sent often
        }
        return new FoundFile(text.endsWith(path) ? text.substring(0, text.length() - path.length()) : text, bytes);
    }

    /**
     * Tells whether its loader has it neither in a jar nor on the disk nor in a run-time image, but under a URL of its own. Such a
     * loader may have another class of the same name later, as that of jshell when a method is declared again.
     */
    boolean mayBeReplaced() {
        boolean isOfTheJdk = place.startsWith("file:") || place.startsWith("jar:") || place.startsWith("jrt:");
        return !isOfTheJdk && (place.endsWith("/") || place.endsWith(".class")); // others end with the name of a jar
    }
}
