// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.Nullable;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a master finds what it sends to Python contexts. Immutable; each {@code with} returns a changed copy.
 *
 * @param mitogenPackage folder of the Python package {@code mitogen} on this machine; null to ask the interpreters that are
 *     installed here
 * @param searchPath folders and zip or jar files with Python modules, searched in this order, before the program's class path
 */
public record PythonOptions(@Nullable Path mitogenPackage, List<Path> searchPath) {
    /** The installed package, and modules on the program's class path only. */
    public static final PythonOptions DEFAULT = new PythonOptions(null, List.of());

    public PythonOptions {
        searchPath = List.copyOf(searchPath);
    }

    public PythonOptions withMitogenPackage(Path folder) {
        return new PythonOptions(folder, searchPath);
    }

    public PythonOptions withSearchPath(List<Path> entries) {
        return new PythonOptions(mitogenPackage, entries);
    }
}
