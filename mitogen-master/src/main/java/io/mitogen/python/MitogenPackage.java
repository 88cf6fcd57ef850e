// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Python package {@code mitogen} in a folder of this machine. Immutable; any thread, but it reads files. */
public final class MitogenPackage {
    private static final Pattern VERSION =
            Pattern.compile("(?m)^__version__\\s*=\\s*(\\(\\s*\\d+\\s*,\\s*\\d+\\s*,\\s*\\d+[^()\\n]*\\))");

    private final Path folder;
    private final String version;

    private MitogenPackage(Path folder, String version) {
        this.folder = folder;
        this.version = version;
    }

    /**
     * Returns the package in {@code folder}, which has {@code core.py} in it.
     *
     * @throws IOException when it is not there, with what is missing
     */
    public static MitogenPackage at(Path folder) throws IOException {
        String init = Files.readString(folder.resolve("__init__.py"));
        Matcher version = VERSION.matcher(init);
        if (!version.find() || !Files.isRegularFile(folder.resolve("core.py"))) {
            throw new IOException(folder + " is not the package of Python Mitogen: it has no version or no core.py");
        }
        return new MitogenPackage(folder, version.group(1));
    }

    /** Returns where {@code __init__.py} and {@code core.py} are. */
    public Path folder() {
        return folder;
    }

    /** Returns its {@code __version__}, a tuple as Python writes it: {@code (0, 3, 3)}. */
    public String version() {
        return version;
    }

    /** Returns the text of {@code mitogen.core}. */
    public byte[] coreSource() throws IOException {
        return Files.readAllBytes(folder.resolve("core.py"));
    }
}
