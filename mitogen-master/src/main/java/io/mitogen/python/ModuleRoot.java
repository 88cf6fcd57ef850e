// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.Nullable;
import java.io.IOException;
import java.util.Set;

/**
 * A tree of files with Python modules in it. Paths in it have slashes and begin at its top, which is the empty path. Any
 * thread, but not a turn of the broker: it reads files.
 */
interface ModuleRoot {
    /** The most bytes of one file that are served. */
    int MAX_FILE_BYTES = 64 << 20;

    String SUFFIX = ".py";
    String INIT = "__init__" + SUFFIX;

    /** Tells whether {@code path}, which ends in {@code .py}, is a file. */
    boolean hasSource(String path);

    /** Tells whether there is Python source somewhere in the folder {@code path}. */
    boolean hasSourceBelow(String path);

    /** Adds to {@code names} what can be imported from the folder {@code path}: its modules and the folders with modules. */
    void addModules(String path, Set<String> names);

    /**
     * Returns the content of a file; null when there is no file at {@code path}.
     *
     * @throws IOException when it cannot be read or is larger than {@link #MAX_FILE_BYTES}
     */
    @Nullable
    byte[] read(String path) throws IOException;

    /** Returns where {@code path} is, for people and for the {@code __file__} of the module. */
    String show(String path);

    /** Returns the path of {@code name} in the folder {@code path}. */
    static String join(String path, String name) {
        return path.isEmpty() ? name : path + "/" + name;
    }

    /** Returns the module that a file with this name is; null when it is none that an import can name. */
    static @Nullable String moduleOf(String fileName) {
        if (!fileName.endsWith(SUFFIX) || fileName.equals(INIT)) {
            return null;
        }
        String module = fileName.substring(0, fileName.length() - SUFFIX.length());
        return isIdentifier(module) ? module : null;
    }

    /** Tells whether {@code name} is one that Python allows between dots. So it can lead to no other folder. */
    static boolean isIdentifier(String name) {
        if (name.isEmpty()) {
            return false;
        }
        for (int at = 0; at < name.length(); at += Character.charCount(name.codePointAt(at))) {
            int c = name.codePointAt(at);
            boolean allowed = c == '_'
                    || Character.isUnicodeIdentifierStart(c)
                    || at > 0 && Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c);
            if (!allowed) {
                return false;
            }
        }
        return true;
    }
}
