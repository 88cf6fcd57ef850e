// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import java.util.ArrayList;
import java.util.List;

/**
 * One import in a source text.
 *
 * @param level the number of leading dots; 0 for an absolute import
 * @param module what stands behind the dots, may be empty
 * @param names what is imported from it; empty in an {@code import module}; a star is left out
 * @param isLazy whether it stands in a function, so that it does not happen when the module is loaded
 */
record PythonImport(int level, String module, List<String> names, boolean isLazy) {
    PythonImport {
        names = List.copyOf(names);
    }

    /**
     * Returns the full names of all that this may mean in the module {@code importer}: the module itself, and each name as a
     * module below it, for a name may be that or a variable. Empty when the dots lead out of the top package.
     */
    List<String> candidates(String importer, boolean isPackage) {
        String base = module;
        if (level > 0) {
            String from = importer;
            for (int up = isPackage ? 1 : 0; up < level; up++) {
                int dot = from.lastIndexOf('.');
                if (dot < 0) {
                    return List.of();
                }
                from = from.substring(0, dot);
            }
            base = module.isEmpty() ? from : from + "." + module;
        }
        List<String> candidates = new ArrayList<>();
        candidates.add(base);
        for (String name : names) {
            candidates.add(base + "." + name);
        }
        return candidates;
    }
}
