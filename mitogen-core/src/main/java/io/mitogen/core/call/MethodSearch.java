// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds methods by name alone. Any thread. */
final class MethodSearch {
    private MethodSearch() {}

    /** Finds the methods a person may mean by a name; a subclass hides what it declares again. */
    static List<Method> named(Class<?> owner, String name) {
        List<Method> found = new ArrayList<>();
        for (Class<?> declaring = owner; declaring != null; declaring = declaring.getSuperclass()) {
            for (Method method : declaring.getDeclaredMethods()) {
                if (method.getName().equals(name) && !method.isSynthetic() && !hides(found, method)) {
                    found.add(method);
                }
            }
        }
        return found;
    }

    private static boolean hides(List<Method> found, Method method) {
        for (Method other : found) {
            if (Arrays.equals(other.getParameterTypes(), method.getParameterTypes())) {
                return true;
            }
        }
        return false;
    }
}
