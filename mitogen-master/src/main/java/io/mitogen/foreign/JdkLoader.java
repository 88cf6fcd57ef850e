// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.foreign;

import java.util.HashSet;
import java.util.Set;

/**
 * Knows the JDK, its tools included, and nothing of the program's class path, which the system's own loader has as well. Any
 * thread.
 */
final class JdkLoader extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final Set<String> toolPackages = new HashSet<>(); // not changed once this is made

    JdkLoader() {
        super(getPlatformClassLoader());
        for (Module module : ModuleLayer.boot().modules()) {
            if (module.getClassLoader() == getSystemClassLoader()) {
                toolPackages.addAll(module.getPackages());
            }
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        int dot = name.lastIndexOf('.');
        if (dot > 0 && toolPackages.contains(name.substring(0, dot))) {
            return getSystemClassLoader().loadClass(name);
        }
        throw new ClassNotFoundException(name);
    }
}
