// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import java.lang.module.ModuleFinder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Knows which packages are the JDK's, whose classes every context has of its own and none may get. Any thread. */
final class JdkClasses {
    private final Map<String, String> moduleByFolder = new HashMap<>();

    JdkClasses() {
        ModuleFinder.ofSystem().findAll().forEach(reference -> {
            String name = reference.descriptor().name();
            if (isJdkModule(name)) {
                add(name, reference.descriptor().packages());
            }
        });
    }

    /** Returns the JDK module that has the package of {@code path}. */
    Optional<String> moduleOf(String path) {
        int end = path.lastIndexOf('/');
        if (path.startsWith("java/")) {
            return Optional.of(
                    end < 0 ? "java.base" : moduleByFolder.getOrDefault(path.substring(0, end), "java.base"));
        }
        return end < 0 ? Optional.empty() : Optional.ofNullable(moduleByFolder.get(path.substring(0, end)));
    }

    /** Tells a module of the JDK from one that was linked into the same image. */
    static boolean isJdkModule(String name) {
        return name.startsWith("java.") || name.startsWith("jdk.");
    }

    private void add(String module, Set<String> packages) {
        packages.forEach(each -> moduleByFolder.put(each.replace('.', '/'), module));
    }
}
