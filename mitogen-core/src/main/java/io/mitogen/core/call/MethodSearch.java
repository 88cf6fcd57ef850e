// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/** Finds methods by name alone, and tells what there is where none was found. Any thread. */
final class MethodSearch {
    private static final int NAMES_SHOWN = 12;

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

    static String explain(Class<?> owner, String name, String function, List<Method> instanceMethods) {
        String problem = "cannot call " + owner.getName() + "." + function + ": ";
        if (!instanceMethods.isEmpty()) {
            return problem + Target.signature(instanceMethods.get(0)) + " is an instance method: make it static";
        }
        TreeSet<String> overloads = new TreeSet<>();
        TreeSet<String> close = new TreeSet<>();
        TreeSet<String> names = new TreeSet<>();
        for (Method method : owner.getDeclaredMethods()) {
            if (method.getName().equals(name)) {
                overloads.add(Target.signature(method));
            } else if (MethodTable.isCallable(method) && !method.isSynthetic()) {
                names.add(method.getName());
                if (isClose(method.getName(), name)) {
                    close.add(method.getName());
                }
            }
        }
        if (!overloads.isEmpty()) {
            return problem + "the class here has only " + list(overloads) + "; is it another version of the caller's?";
        }
        String offer = close.isEmpty() ? list(names) : list(close);
        return problem + "no such method; " + (names.isEmpty() ? "it has no static method" : "it has " + offer);
    }

    /** Returns whether the names share their beginning, or are equal but for case. */
    private static boolean isClose(String name, String wanted) {
        int length = Math.min(Math.min(name.length(), wanted.length()), 3);
        return name.equalsIgnoreCase(wanted) || length > 0 && name.regionMatches(true, 0, wanted, 0, length);
    }

    private static String list(TreeSet<String> names) {
        StringBuilder text = new StringBuilder();
        int shown = 0;
        for (String name : names) {
            if (shown++ == NAMES_SHOWN) {
                return text.append(" and ")
                        .append(names.size() - NAMES_SHOWN)
                        .append(" more")
                        .toString();
            }
            text.append(text.length() == 0 ? "" : ", ").append(name);
        }
        return text.toString();
    }
}
