// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Tuple;
import java.io.Serializable;
import java.lang.reflect.Type;
import java.util.Objects;

/**
 * What is called in another context: how a CALL_FUNCTION names it, and what is made of its result. Any thread.
 *
 * <p>{@link Caller}, which every child loads, knows of the kinds of callee by this name alone, so that none of them is fetched
 * where nothing is called.
 */
abstract class Callee {
    /** Part of the name of a method that is the body of a lambda, whose generic types are erased. */
    static final String LAMBDA = "lambda$";

    Callee() {}

    /** Names the Java method behind a lambda or method reference. */
    static Callee ofMethod(Serializable function) {
        return RemoteMethod.of(function);
    }

    /** Names a Java method by words. */
    static Callee ofName(String className, String method) {
        return RemoteMethod.named(className, method);
    }

    /** Takes a function of Python, which is a callee already. */
    static Callee ofPython(PythonFunction<?> function) {
        return Objects.requireNonNull(function, "function");
    }

    /** Returns the tuple that CALL_FUNCTION carries. */
    abstract Tuple call(@Nullable String chainId, Object[] arguments);

    /** Returns the tuple for a call from {@code contexts}, with the world of its classes; on the caller's thread, before each call. */
    Tuple call(Contexts contexts, @Nullable String chainId, Object[] arguments) {
        return call(chainId, arguments);
    }

    /** Returns how many values stand before the arguments of the caller. */
    int capturedCount() {
        return 0;
    }

    /** Tells whether the other end knows no generic types of its parameters and its result. */
    boolean isErased() {
        return false;
    }

    /** Returns why its result cannot arrive, null where it may. */
    @Nullable
    String resultRefusal() {
        return null;
    }

    /** Returns why a bytearray may not be sent, null where it may. */
    @Nullable
    String bytearrayRefusal() {
        return null;
    }

    /** Returns what the result is to be converted to; void for none. */
    abstract Type returnType();

    /** Returns what the result is called when it cannot become that type. */
    String resultName() {
        return "result";
    }

    /** Returns the error for a call that failed over there; {@code what} says what was called where. */
    CallException explain(String what, CallException failed) {
        return failed;
    }

    /** Returns the error for a context that went away during the call, with what may have made it go. */
    ContextGoneException explain(ContextGoneException gone) {
        return gone;
    }
}
