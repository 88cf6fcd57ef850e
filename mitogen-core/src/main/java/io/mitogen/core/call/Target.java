// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Kwargs;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.Arrays;

/**
 * One method that may be called from another context: static, or an instance method whose receiver is sent as the first
 * argument. A parameter of type {@link ChildContext} is supplied here and not sent. Immutable, any thread.
 */
final class Target {
    private final Method method;
    private final boolean isStatic;
    /** Declared types of the receiver, if there is one, and of the parameters. */
    private final Type[] types;

    private final Class<?>[] erased;
    /** Whether a result may be sent, as far as its class tells. */
    final boolean returnsPlain;

    private final int sent;

    Target(Method method) {
        this.method = method;
        this.isStatic = Modifier.isStatic(method.getModifiers());
        Type[] parameters = method.getGenericParameterTypes();
        this.types = isStatic ? parameters : prepend(method.getDeclaringClass(), parameters);
        this.erased = new Class<?>[types.length];
        int needed = 0;
        for (int i = 0; i < types.length; i++) {
            erased[i] = ValueConverter.erasure(types[i]);
            needed += erased[i] == ChildContext.class ? 0 : 1;
        }
        this.sent = needed;
        this.returnsPlain =
                method.getReturnType() == void.class || ValueConverter.isTransferable(method.getReturnType());
    }

    /** Returns the method with that name and descriptor in a class or its superclasses, or null. */
    @Nullable
    static Method find(Class<?> owner, String name, String descriptor) {
        for (Class<?> declaring = owner; declaring != null; declaring = declaring.getSuperclass()) {
            for (Method method : declaring.getDeclaredMethods()) {
                if (method.getName().equals(name) && descriptor(method).equals(descriptor)) {
                    return method;
                }
            }
        }
        for (Method method : owner.getMethods()) {
            if (method.getName().equals(name) && descriptor(method).equals(descriptor)) {
                return method;
            }
        }
        return null;
    }

    /** Returns the classes a caller's values are converted to, in their order. */
    Class<?>[] sentTypes() {
        Class<?>[] classes = new Class<?>[sent];
        int next = 0;
        for (Class<?> type : erased) {
            if (type != ChildContext.class) {
                classes[next++] = type;
            }
        }
        return classes;
    }

    boolean isVarArgs() {
        return method.isVarArgs();
    }

    /**
     * Converts arguments to what the method declares.
     *
     * @param spread whether the last parameter is an array to be filled from all that is left
     * @throws ConversionException if a value does not convert
     * @throws BadTargetException if there are too few or too many, or keyword arguments nobody takes
     */
    @Nullable
    Object[] bind(Object[] arguments, Kwargs kwargs, ChildContext child, boolean spread) {
        int last = types.length - 1;
        boolean takesKwargs = last >= 0 && erased[last] == Kwargs.class && arguments.length == sent - 1;
        if (!takesKwargs && !kwargs.isEmpty()) {
            throw Misfit.keywords(this, kwargs);
        }
        int given = takesKwargs ? sent : arguments.length;
        int needed = spread ? sent - 1 : sent;
        if (spread ? given < needed : given != needed) {
            throw Misfit.count(this, spread, needed, arguments.length);
        }
        Object[] bound = new Object[types.length];
        ValueConverter converter = new ValueConverter();
        int next = 0;
        for (int i = 0; i <= last; i++) {
            if (erased[i] == ChildContext.class) {
                bound[i] = child;
            } else if (takesKwargs && i == last) {
                bound[i] = kwargs;
            } else if (spread && i == last) {
                bound[i] = spread(arguments, next, converter);
            } else {
                bound[i] = converter.convert(arguments[next], types[i], "args[" + next + "]");
                next++;
            }
        }
        return bound;
    }

    /** Refuses the method if nothing that it returns could be sent. */
    void checkResult() {
        ResultTypes.check(this, method);
    }

    /** Runs the method with what {@link #bind} returned; throws what it throws. */
    @Nullable
    Object invoke(Object[] bound) throws Throwable {
        if (!isStatic && bound[0] == null) {
            throw new ConversionException("args[0]", "null cannot be the receiver of " + this);
        }
        Object receiver = isStatic ? null : bound[0];
        if (!method.trySetAccessible() && !method.canAccess(receiver)) {
            throw Misfit.closed(this, method.getDeclaringClass());
        }
        try {
            return method.invoke(receiver, isStatic ? bound : Arrays.copyOfRange(bound, 1, bound.length));
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    @Override
    public String toString() {
        return method.getDeclaringClass().getName() + "." + signature(method);
    }

    /** Returns name and parameter types as a person would write them. */
    static String signature(Method method) {
        StringBuilder text = new StringBuilder(method.getName()).append('(');
        Class<?>[] parameters = method.getParameterTypes();
        for (int i = 0; i < parameters.length; i++) {
            text.append(i == 0 ? "" : ", ");
            if (method.isVarArgs() && i == parameters.length - 1) {
                text.append(parameters[i].getComponentType().getTypeName()).append("...");
            } else {
                text.append(parameters[i].getTypeName());
            }
        }
        return text.append(')').toString();
    }

    private static String descriptor(Method method) {
        StringBuilder text = new StringBuilder("(");
        for (Class<?> parameter : method.getParameterTypes()) {
            text.append(parameter.descriptorString());
        }
        return text.append(')')
                .append(method.getReturnType().descriptorString())
                .toString();
    }

    private Object spread(Object[] arguments, int from, ValueConverter converter) {
        Type array = types[types.length - 1];
        Type component = ValueConverter.componentOf(array);
        Object items = Array.newInstance(ValueConverter.erasure(component), arguments.length - from);
        for (int i = from; i < arguments.length; i++) {
            Array.set(items, i - from, converter.convert(arguments[i], component, "args[" + i + "]"));
        }
        return items;
    }

    private static Type[] prepend(Type first, Type[] rest) {
        Type[] all = new Type[rest.length + 1];
        all[0] = first;
        System.arraycopy(rest, 0, all, 1, rest.length);
        return all;
    }
}
