// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.pickle.Kwargs;
import java.lang.reflect.Method;
import java.util.List;
import java.util.TreeSet;

/** Says why a method cannot be called, and what could be. Most contexts never need it. Any thread. */
final class Misfit {
    private static final int NAMES_SHOWN = 12;

    private Misfit() {}

    /** There is no such class. */
    static BadTargetException noClass(String className, String function, Throwable missing) {
        return new BadTargetException(
                "cannot call " + className + "." + function + ": class " + className + " was not found ("
                        + missing.getMessage() + "); a nested class is named Outer$Inner",
                missing);
    }

    /** Its methods name a class that there is not. */
    static BadTargetException brokenClass(String className, String function, Throwable missing) {
        return new BadTargetException(
                "cannot call " + className + "." + function + ": a class named by a method of " + className
                        + " was not found: " + missing.getMessage(),
                missing);
    }

    /** It takes no keyword arguments. */
    static BadTargetException keywords(Target target, Kwargs kwargs) {
        return new BadTargetException(target + " takes no keyword arguments, but was given " + kwargs.keySet()
                + ": give them by position, or declare Kwargs as the last parameter");
    }

    /** It takes more or fewer arguments. */
    static BadTargetException count(Target target, boolean isLeast, int needed, int given) {
        return new BadTargetException(target + " takes " + (isLeast ? "at least " : "") + needed
                + (needed == 1 ? " argument, " : " arguments, ") + given
                + (given == 1 ? " was given" : " were given"));
    }

    /** Its module keeps it closed. */
    static BadTargetException closed(Target target, Class<?> owner) {
        return new BadTargetException(target + " is not accessible: module "
                + owner.getModule().getName() + " does not open " + owner.getPackageName() + " to "
                + Target.class.getModule());
    }

    /** The class has no such method, or {@code instanceMethods} only. */
    static BadTargetException noMethod(Class<?> owner, String name, String function, List<Method> instanceMethods) {
        return new BadTargetException(explain(owner, name, function, instanceMethods));
    }

    private static String explain(Class<?> owner, String name, String function, List<Method> instanceMethods) {
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
