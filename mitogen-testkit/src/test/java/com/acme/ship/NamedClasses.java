// SPDX-License-Identifier: BSD-3-Clause
package com.acme.ship;

import java.lang.reflect.Method;
import java.util.List;

/** Classes that only texts name, and which of them are loaded. One thread at a time. */
public final class NamedClasses {
    private NamedClasses() {}

    /** Loads the classes of these names; returns how many could be. */
    public static int load(List<String> names) {
        int count = 0;
        for (String name : names) {
            try {
                Class.forName(name, false, NamedClasses.class.getClassLoader());
                count++;
            } catch (ClassNotFoundException | LinkageError expected) {
                // It needs a library that is not there.
            }
        }
        return count;
    }

    /** Returns how many of these classes are loaded. Needs {@code --add-opens=java.base/java.lang=ALL-UNNAMED}. */
    public static int countLoaded(List<String> names) throws ReflectiveOperationException {
        Method find = ClassLoader.class.getDeclaredMethod("findLoadedClass", String.class);
        find.setAccessible(true);
        int count = 0;
        for (String name : names) {
            if (find.invoke(NamedClasses.class.getClassLoader(), name) != null) {
                count++;
            }
        }
        return count;
    }
}
