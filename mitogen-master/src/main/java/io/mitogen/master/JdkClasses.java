// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Knows which packages are the JDK's, whose classes every context has of its own and none may get. Any thread. */
final class JdkClasses {
    /** Null until first asked: it takes some 15 ms, which would otherwise delay the first child. Racing threads agree. */
    private volatile Map<String, String> moduleByFolder;

    /** Returns the JDK module that has the package of {@code path}. */
    Optional<String> moduleOf(String path) {
        int end = path.lastIndexOf('/');
        String module = end < 0 ? null : modules().get(path.substring(0, end));
        return Optional.ofNullable(module == null && path.startsWith("java/") ? "java.base" : module);
    }

    /** Tells a module of the JDK from one that was linked into the same image. */
    static boolean isJdkModule(String name) {
        return name.startsWith("java.") || name.startsWith("jdk.");
    }

    private Map<String, String> modules() {
        Map<String, String> known = moduleByFolder;
        if (known == null) {
            known = new HashMap<>();
            for (ModuleReference reference : ModuleFinder.ofSystem().findAll()) {
                ModuleDescriptor module = reference.descriptor();
                if (isJdkModule(module.name())) {
                    for (String name : module.packages()) {
                        known.put(name.replace('.', '/'), module.name());
                    }
                }
            }
            moduleByFolder = known;
        }
        return known;
    }
}
