// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Kwargs;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The methods one class loader offers to callers in other contexts, found by the names that arrive in messages and remembered.
 * Any thread, but never the broker's: it loads classes, and runs the user's code.
 */
final class MethodTable {
    private static final int NAMES_SHOWN = 12;

    private final ClassLoader loader;
    private final ConcurrentHashMap<String, Target[]> known = new ConcurrentHashMap<>();

    MethodTable(ClassLoader loader) {
        this.loader = loader;
    }

    /**
     * Runs a method.
     *
     * @param className binary name, {@code com.acme.Outer$Inner}
     * @param function name and descriptor, {@code add(II)I}, which is exact; or a name, for which the values choose an overload
     *     and fill varargs. A list in the place of the varargs is taken as the whole array if it converts to it
     * @param arguments natural values, which are converted to the declared types
     * @return the result, null for void
     * @throws BadTargetException if there is no such method, or it does not take so many arguments
     * @throws ConversionException if a value is not what the method declares
     * @throws Throwable what the method threw, as it was thrown
     */
    @Nullable
    Object call(String className, String function, Object[] arguments, Kwargs kwargs, ChildContext child)
            throws Throwable {
        Target[] candidates = candidates(className, function);
        if (function.indexOf('(') >= 0) {
            return candidates[0].invoke(candidates[0].bind(arguments, kwargs, child, false));
        }
        Overloads overloads = new Overloads(arguments, kwargs, child);
        overloads.choose(candidates);
        return overloads.invoke();
    }

    private Target[] candidates(String className, String function) {
        String key = className + '.' + function;
        Target[] candidates = known.get(key);
        if (candidates == null) {
            candidates = find(className, function);
            known.put(key, candidates);
        }
        return candidates;
    }

    private Target[] find(String className, String function) {
        Class<?> owner;
        try {
            owner = Class.forName(className, false, loader);
        } catch (ClassNotFoundException missing) {
            throw new BadTargetException(
                    "cannot call " + className + "." + function + ": class " + className + " was not found ("
                            + missing.getMessage() + "); a nested class is named Outer$Inner",
                    missing);
        }
        int paren = function.indexOf('(');
        String name = paren < 0 ? function : function.substring(0, paren);
        try {
            List<Method> methods = paren < 0 ? named(owner, name) : exactly(owner, name, function.substring(paren));
            List<Target> targets = new ArrayList<>();
            for (Method method : methods) {
                if (isCallable(method)) {
                    targets.add(new Target(method));
                }
            }
            if (targets.isEmpty()) {
                throw new BadTargetException(explain(owner, name, function, methods));
            }
            return targets.toArray(new Target[0]);
        } catch (NoClassDefFoundError | TypeNotPresentException missing) {
            throw new BadTargetException(
                    "cannot call " + className + "." + function + ": a class named by a method of " + className
                            + " was not found: " + missing.getMessage(),
                    missing);
        }
    }

    private static List<Method> exactly(Class<?> owner, String name, String descriptor) {
        Method method = Target.find(owner, name, descriptor);
        return method == null ? List.of() : List.of(method);
    }

    /** Finds the methods a person may mean by a name; a subclass hides what it declares again. */
    private static List<Method> named(Class<?> owner, String name) {
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

    private static boolean isCallable(Method method) {
        return Modifier.isStatic(method.getModifiers()) || ValueConverter.isTransferable(method.getDeclaringClass());
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
            } else if (isCallable(method) && !method.isSynthetic()) {
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
