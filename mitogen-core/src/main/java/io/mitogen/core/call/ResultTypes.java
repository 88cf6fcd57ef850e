// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells from declared types that a result cannot arrive, so that a call is refused before its function runs and not behind its
 * side effects. What might be sent is never refused here. Any thread.
 */
final class ResultTypes {
    private ResultTypes() {}

    /**
     * Throws the refusal of a call whose result is wanted, in the context that runs it.
     *
     * @throws BadTargetException if nothing but null could be sent of what the method returns
     */
    static void check(Target target, Method method) {
        String refusal = refusal(method.getGenericReturnType(), false);
        if (refusal != null) {
            throw new BadTargetException("cannot call " + target + " for its result: " + refusal);
        }
    }

    /**
     * Returns why a result cannot arrive, null where it may.
     *
     * @param isConverted whether a value that arrived is to become the type; else a value of the type is to be sent
     */
    static @Nullable String refusal(Type type, boolean isConverted) {
        Class<?> misfit = misfit(type, isConverted);
        return misfit == null
                ? null
                : "it returns a " + type.getTypeName() + ", and "
                        + (type == misfit ? "that" : "a " + misfit.getTypeName())
                        + " may not be sent: let it return what that is made of; callNoReply wants no result";
    }

    /** Returns the class in {@code type} that does not travel, null if there is none. */
    private static @Nullable Class<?> misfit(Type type, boolean isConverted) {
        if (type instanceof ParameterizedType) {
            Class<?> raw = (Class<?>) ((ParameterizedType) type).getRawType();
            Class<?> misfit = misfit(raw, isConverted);
            Type[] arguments = ((ParameterizedType) type).getActualTypeArguments();
            for (int i = 0; i < arguments.length && misfit == null && isContainer(raw); i++) {
                misfit = misfit(arguments[i], isConverted);
            }
            return misfit;
        }
        if (type instanceof GenericArrayType) {
            return misfit(ValueConverter.componentOf(type), isConverted);
        }
        if (type instanceof WildcardType) {
            return misfit(((WildcardType) type).getUpperBounds()[0], isConverted);
        }
        Class<?> erased = ValueConverter.erasure(type);
        while (erased.isArray()) {
            erased = erased.getComponentType();
        }
        boolean travels = erased == void.class
                || erased == Void.class
                || ValueConverter.isTransferable(erased)
                || !isConverted && mayBeSent(erased);
        return travels ? null : erased;
    }

    private static boolean isContainer(Class<?> raw) {
        return raw.isAssignableFrom(ArrayList.class)
                || raw.isAssignableFrom(LinkedHashMap.class)
                || List.class.isAssignableFrom(raw)
                || Map.class.isAssignableFrom(raw);
    }

    /** Every list and map may be, so everything that one could be declared as. */
    private static boolean mayBeSent(Class<?> type) {
        return List.class.isAssignableFrom(type)
                || Map.class.isAssignableFrom(type)
                || !type.isEnum() && Modifier.isAbstract(type.getModifiers()); // interfaces are
    }
}
