// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Kwargs;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The methods one class loader offers to callers in other contexts, found by the names that arrive in messages and remembered.
 * Any thread, but never the broker's: it loads classes, and runs the user's code.
 */
final class MethodTable {
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
     * @param wantsResult whether the result is sent; then a method whose result could not be is not run
     * @return the result, null for void
     * @throws BadTargetException if there is no such method, or it does not take so many arguments
     * @throws ConversionException if a value is not what the method declares
     * @throws Throwable what the method threw, as it was thrown
     */
    @Nullable
    Object call(
            String className,
            String function,
            Object[] arguments,
            Kwargs kwargs,
            ChildContext child,
            boolean wantsResult)
            throws Throwable {
        Target[] candidates = candidates(className, function);
        if (function.indexOf('(') >= 0) {
            if (wantsResult && !candidates[0].returnsPlain) {
                candidates[0].checkResult();
            }
            return candidates[0].invoke(candidates[0].bind(arguments, kwargs, child, false));
        }
        Overloads overloads = new Overloads(arguments, kwargs, child);
        overloads.choose(candidates);
        return overloads.invoke(wantsResult);
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
            throw Misfit.noClass(className, function, missing);
        }
        int paren = function.indexOf('(');
        String name = paren < 0 ? function : function.substring(0, paren);
        try {
            List<Method> methods =
                    paren < 0 ? MethodSearch.named(owner, name) : exactly(owner, name, function.substring(paren));
            List<Target> targets = new ArrayList<>();
            for (Method method : methods) {
                if (isCallable(method)) {
                    targets.add(new Target(method));
                }
            }
            if (targets.isEmpty()) {
                throw Misfit.noMethod(owner, name, function, methods);
            }
            return targets.toArray(new Target[0]);
        } catch (NoClassDefFoundError | TypeNotPresentException missing) {
            throw Misfit.brokenClass(className, function, missing);
        }
    }

    private static List<Method> exactly(Class<?> owner, String name, String descriptor) {
        Method method = Target.find(owner, name, descriptor);
        return method == null ? List.of() : List.of(method);
    }

    static boolean isCallable(Method method) {
        return Modifier.isStatic(method.getModifiers()) || ValueConverter.isTransferable(method.getDeclaringClass());
    }
}
