// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import io.mitogen.core.Worlds;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.Tuple;
import java.io.Serializable;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * Names the method behind a method reference or a lambda, so that another context can run it. Immutable but for the captured
 * values, which are the user's own. Any thread.
 */
public final class RemoteMethod extends Callee {
    /* What a method reference or lambda without captured values stands for never changes, and each place in a program where
     * one is written has a class of its own: so the class is the key. With captured values all but these is kept. */
    private static final ClassValue<Known> KNOWN = new ClassValue<Known>() {
        @Override
        protected Known computeValue(Class<?> type) {
            return new Known();
        }
    };

    private final String className;
    private final String signature;
    private final List<Object> captured;
    private final boolean takesChild;
    private final Type returnType;
    private final @Nullable String resultRefusal;
    private final ClassLoader loader;
    private final @Nullable Class<?> owner; // null when it is known by name only

    private RemoteMethod(
            String className,
            String signature,
            boolean takesChild,
            Type returnType,
            ClassLoader loader,
            @Nullable Class<?> owner) {
        this.className = className;
        this.signature = signature;
        this.captured = List.of();
        this.takesChild = takesChild;
        this.returnType = returnType;
        this.resultRefusal = null;
        this.loader = loader;
        this.owner = owner;
    }

    private RemoteMethod(RemoteMethod shape, List<Object> captured, @Nullable String resultRefusal) {
        this.className = shape.className;
        this.signature = shape.signature;
        this.captured = captured;
        this.takesChild = shape.takesChild;
        this.returnType = shape.returnType;
        this.resultRefusal = resultRefusal;
        this.loader = shape.loader;
        this.owner = shape.owner;
    }

    /**
     * Names what {@code function} runs.
     *
     * @param function a lambda or method reference written where one of the {@link Remote} types is expected
     * @throws BadTargetException if another context could not run it, with the reason and the remedy
     */
    public static RemoteMethod of(Serializable function) {
        Class<?> type = Objects.requireNonNull(function, "function").getClass();
        Known known = KNOWN.get(type);
        RemoteMethod shape = known.shape;
        if (shape != null && !known.captures) {
            return shape;
        }
        SerializedLambda lambda = LambdaExtractor.extract(function);
        int count = lambda.getCapturedArgCount();
        if (shape == null) {
            shape = shapeOf(lambda, type.getClassLoader());
            known.captures = count > 0;
            known.shape = shape;
        }
        return count == 0 ? shape : new RemoteMethod(shape, capturedValues(lambda, shape), shape.resultRefusal);
    }

    /**
     * Names a method by words, for a class this program may not have.
     *
     * @param className binary name, {@code com.acme.Outer$Inner}
     * @param method its name, or name and descriptor: {@code add}, {@code add(II)I}
     * @throws BadTargetException if either is not a name
     */
    public static RemoteMethod named(String className, String method) {
        Objects.requireNonNull(className, "className");
        Objects.requireNonNull(method, "method");
        if (className.isBlank() || className.indexOf('/') >= 0 || className.endsWith(".class")) {
            throw new BadTargetException("\"" + className + "\" is no class name: write it like com.acme.Outer$Inner");
        }
        if (method.isBlank() || method.indexOf('(') == 0 || method.indexOf('.') >= 0 && method.indexOf('(') < 0) {
            throw new BadTargetException(
                    "\"" + method + "\" is no method name (of " + className + "): write it like add, or add(II)I");
        }
        return new RemoteMethod(className, method, false, Object.class, ClassLoader.getSystemClassLoader(), null);
    }

    /** Returns the binary name of the class that holds the method, {@code com.acme.Outer$Inner}. */
    public String className() {
        return className;
    }

    /** Returns name and descriptor, {@code add(II)I}; only the name if made by {@link #named} with only that. */
    public String signature() {
        return signature;
    }

    /** Returns the values a lambda captured, which are sent before the arguments; unmodifiable, may hold nulls. */
    public List<Object> captured() {
        return captured;
    }

    /** Returns whether the function is given a {@link ChildContext}, which is not sent. */
    public boolean takesChild() {
        return takesChild;
    }

    /** Returns what the result is to be converted to: the declared type, as generic as it is known; void for none. */
    @Override
    public Type returnType() {
        return returnType;
    }

    /** Returns the class loader that has the class, on this side. */
    public ClassLoader loader() {
        return loader;
    }

    @Override
    Tuple call(@Nullable String chainId, Object[] arguments) {
        return call(className, chainId, arguments);
    }

    /** The name of the class has its world in front, between slashes. */
    @Override
    Tuple call(Contexts contexts, @Nullable String chainId, Object[] arguments) {
        Worlds worlds = contexts.worlds();
        String world = owner == null || worlds == null ? null : worlds.of(owner);
        return call(world == null ? className : "/" + world + "/" + className, chainId, arguments);
    }

    private Tuple call(String name, @Nullable String chainId, Object[] arguments) {
        Object[] all = new Object[captured.size() + arguments.length];
        captured.toArray(all);
        System.arraycopy(arguments, 0, all, captured.size(), arguments.length);
        return Tuple.of(chainId, name, null, signature, Tuple.of(all), Kwargs.of());
    }

    @Override
    boolean isErased() {
        return signature.contains(LAMBDA);
    }

    @Override
    @Nullable
    String resultRefusal() {
        return resultRefusal;
    }

    @Override
    int capturedCount() {
        return captured.size();
    }

    /** Python takes the class for a module that it cannot import. Who calls by name may have meant one. */
    @Override
    CallException explain(String what, CallException failed) {
        String type = failed.remoteType();
        boolean isPython = type.startsWith("builtins.") || type.startsWith("exceptions.");
        boolean isMissing = type.endsWith(".ImportError") || type.endsWith(".ModuleNotFoundError");
        return isPython && isMissing && signature.indexOf('(') >= 0
                ? new CallException(
                        what + ", a Python context, which runs a PythonFunction and no Java method,",
                        type,
                        failed.remoteMessage(),
                        failed.remoteStack())
                : failed;
    }

    @Override
    public String toString() {
        return className + "." + signature;
    }

    private static RemoteMethod shapeOf(SerializedLambda lambda, @Nullable ClassLoader definingLoader) {
        ClassLoader loader = definingLoader == null ? ClassLoader.getSystemClassLoader() : definingLoader;
        String className = lambda.getImplClass().replace('/', '.');
        String where = className + "." + lambda.getImplMethodName();
        Class<?> owner;
        try {
            owner = Class.forName(className, false, loader);
        } catch (ClassNotFoundException nameless) {
            throw LambdaExtractor.noBytes(where, nameless);
        }
        checkKind(lambda, owner, where);
        Method method = find(owner, lambda);
        if (isInternal(owner, method)) {
            throw new BadTargetException("cannot call " + where + " elsewhere: it is internal to "
                    + owner.getModule().getName() + ": use its public interface");
        }
        if (method != null) {
            checkParameters(method, lambda.getCapturedArgCount(), where);
        }
        boolean takesChild = lambda.getInstantiatedMethodType().startsWith("(" + ChildContext.class.descriptorString());
        Type returnType = returnType(lambda, method, loader);
        RemoteMethod shape = new RemoteMethod(
                className,
                lambda.getImplMethodName() + lambda.getImplMethodSignature(),
                takesChild,
                returnType,
                loader,
                owner);
        return new RemoteMethod(shape, List.of(), resultRefusal(method, returnType));
    }

    private static @Nullable String resultRefusal(@Nullable Method method, Type returnType) {
        try {
            return returnType == void.class && method != null
                    ? ResultTypes.refusal(method.getGenericReturnType(), false)
                    : ResultTypes.refusal(returnType, true);
        } catch (TypeNotPresentException expected) {
            return null; // as for the return type
        }
    }

    /** Refuses here what could only fail over there. What is captured is looked at value by value. */
    private static void checkParameters(Method method, int captured, String where) {
        Class<?>[] types = method.getParameterTypes();
        for (int i = captured; i < types.length; i++) {
            if (types[i] != ChildContext.class && !ValueConverter.isTransferable(types[i])) {
                throw new BadTargetException("cannot call " + where + " elsewhere: its parameter " + (i - captured + 1)
                        + " is a " + types[i].getTypeName() + ", which no value that arrives can become");
            }
        }
    }

    private static void checkKind(SerializedLambda lambda, Class<?> owner, String where) {
        int kind = lambda.getImplMethodKind();
        if (kind == MethodHandleInfo.REF_invokeStatic) {
            return;
        }
        String name = owner.getName();
        if (kind == MethodHandleInfo.REF_newInvokeSpecial) {
            throw new BadTargetException("cannot call the constructor of " + name
                    + " elsewhere: call a static method that returns something that may be sent");
        }
        if (lambda.getCapturedArgCount() > 0) {
            String receiver = lambda.getCapturedArg(0) == null
                    ? name
                    : lambda.getCapturedArg(0).getClass().getName();
            throw new BadTargetException(
                    lambda.getImplMethodName().startsWith("lambda$")
                            ? "the lambda " + where + " uses `this`, a " + receiver
                                    + ", which stays here: copy the fields"
                                    + " it needs to local variables, and make the methods it calls static"
                            : "the method reference to " + where + " is bound to an object, a " + receiver
                                    + ", which stays here: refer to a static method, and give it values as arguments");
        }
        if (!ValueConverter.isTransferable(owner)) {
            throw new BadTargetException(
                    where + " is an instance method and a " + name + " may not be sent to run it on: make it static");
        }
    }

    @Nullable
    private static Method find(Class<?> owner, SerializedLambda lambda) {
        try {
            return Target.find(owner, lambda.getImplMethodName(), lambda.getImplMethodSignature());
        } catch (NoClassDefFoundError expected) {
            // A class that some other method of the owner names is missing here; only niceties depend on the method.
            return null;
        }
    }

    private static boolean isInternal(Class<?> owner, @Nullable Method method) {
        Module module = owner.getModule();
        if (!module.isNamed()
                || !module.getName().startsWith("java.") && !module.getName().startsWith("jdk.")) {
            return false;
        }
        return !module.isExported(owner.getPackageName())
                || !Modifier.isPublic(owner.getModifiers())
                || method != null && !Modifier.isPublic(method.getModifiers());
    }

    private static Type returnType(SerializedLambda lambda, @Nullable Method method, ClassLoader loader) {
        Type erased;
        try {
            erased = MethodType.fromMethodDescriptorString(lambda.getInstantiatedMethodType(), loader)
                    .returnType();
            if (erased == void.class || method == null) {
                return erased;
            }
            Type declared = method.getGenericReturnType();
            return declared instanceof TypeVariable ? erased : declared;
        } catch (TypeNotPresentException expected) {
            // A type of the signature is missing on this side: the result is left as it arrives.
            return Object.class;
        }
    }

    private static List<Object> capturedValues(SerializedLambda lambda, RemoteMethod shape) {
        List<Object> values = new ArrayList<>(lambda.getCapturedArgCount());
        for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
            Object value = lambda.getCapturedArg(i);
            if (value != null && !ValueConverter.mayTravel(value)) {
                throw new BadTargetException("captured " + variable(lambda, shape, i) + " of type "
                        + value.getClass().getTypeName() + " in " + shape.className + "."
                        + lambda.getImplMethodName() + " may not be sent: make it where the lambda runs, or capture"
                        + " what it is made of");
            }
            values.add(value);
        }
        return Collections.unmodifiableList(values);
    }

    private static String variable(SerializedLambda lambda, RemoteMethod shape, int index) {
        try {
            Method method = find(Class.forName(shape.className, false, shape.loader), lambda);
            Parameter parameter = method == null ? null : method.getParameters()[index];
            if (parameter != null && parameter.isNamePresent()) {
                return "variable " + parameter.getName();
            }
        } catch (ClassNotFoundException expected) {
            // It was found a moment ago; without it the number has to do.
        }
        return "value #" + (index + 1);
    }

    /** What is known of the class of a lambda. */
    private static final class Known {
        volatile RemoteMethod shape;
        volatile boolean captures;
    }
}
