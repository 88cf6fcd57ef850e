// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import java.io.Serializable;
import java.util.concurrent.CompletableFuture;

/**
 * The ways to call a function somewhere else: on a {@link Context}, or on a {@link CallChain} to one.
 *
 * <pre>{@code
 * int sum = context.call(Sums::add, 1, 2);                  // a static method
 * int length = context.call(String::length, "four");        // an instance method of a value that travels
 * long size = context.call(() -> new File(path).length());  // a lambda, which takes along what it captures
 * String name = context.call(here -> here.self().name() + "!"); // given the context it runs in
 * CompletableFuture<Integer> later = context.callAsync(Sums::add, 1, 2);
 * context.callNoReply(Cache::clear);
 * Object uptime = context.call("com.acme.Facts", "uptime"); // by name
 * Object pid = context.call(PythonFunction.of("os", "getpid")); // a function of a Python context
 * }</pre>
 *
 * <p><b>What may be called.</b> A static method, an instance method of one of the types that travel, or a lambda, none of them
 * bound to an object of this side. Up to five arguments; more fit in a {@code List} or a {@code Map}. A parameter of type
 * {@link ChildContext} is supplied over there and not passed here. Where the compiler finds a call ambiguous, as for an
 * overloaded or varargs method, {@link Remote} tells what to write. In a Python context: a {@link PythonFunction}, with any number
 * of arguments.
 *
 * <p><b>What may be sent.</b> Arguments, captured values and results obey the serialization rules
 * ({@link io.mitogen.core.pickle}). What breaks them is refused before anything is sent, with the path to it, as
 * {@code args[1].get("when")}. Over there each is converted to the type that the method declares, without loss or not at all.
 * Nobody may change a value while it is sent: before {@code call} returns or throws, or while {@code callAsync} runs.
 *
 * <p><b>What is waited for.</b> Calls to one context run there one after another, in the order they were made. {@code call}
 * waits for the result and returns it. {@code callAsync} returns at once, unless links block (pumped ones) and the other side
 * reads nothing; its future completes on a thread for callbacks, one callback at a time for each context, so a callback may
 * {@code call} but must not wait for another future of the same context.
 * {@code callNoReply} waits for nothing; a failure is logged over there. No call has a time limit of its own. No call is
 * sent to a context that has gone.
 *
 * <p><b>What goes wrong.</b> {@link BadTargetException}: this cannot be called. {@link io.mitogen.core.pickle.PickleException}: a
 * value may not be sent. {@link CallException}: the function failed, or the arguments did not fit it; it has the stack of both
 * sides. {@link ContextGoneException}: the context went away, before or during the call. {@link ChannelException}: the context
 * refused, or a message was too large. {@link ConversionException}: the result is not what the method declares.
 * {@link NoJavaTypeException}: a Python function returned what Java has no type for. {@link CallInterruptedException}: the wait
 * was interrupted. The first two are thrown by all three ways, the others come through the future of {@code callAsync}.
 *
 * <p>Any thread may call, but {@code call} refuses with {@link IllegalStateException} where it would wait for ever: inside a turn
 * of the broker, and in a function that calls its own context.
 */
public abstract class Caller {
    Caller() {}

    /** Sends a call that belongs to {@code chainId}, null for none, and waits for its result. */
    abstract @Nullable Object invoke(Callee callee, Object[] arguments);

    abstract CompletableFuture<Object> invokeAsync(Callee callee, Object[] arguments);

    abstract void invokeNoReply(Callee callee, Object[] arguments);

    @SuppressWarnings("unchecked") // the result was converted to what the function declares
    private <R> R invoke(Serializable function, Object... arguments) {
        return (R) invoke(Callee.ofMethod(function), arguments);
    }

    @SuppressWarnings("unchecked") // as above
    private <R> CompletableFuture<R> invokeAsync(Serializable function, Object... arguments) {
        return (CompletableFuture<R>) invokeAsync(Callee.ofMethod(function), arguments);
    }

    private void invokeNoReply(Serializable function, Object... arguments) {
        invokeNoReply(Callee.ofMethod(function), arguments);
    }

    // == By name ==

    /**
     * Calls a static method by name; overloads are told apart by the arguments, in the other context.
     *
     * @param className binary name, as {@code com.acme.Outer$Inner}
     * @param method its name, or its name and descriptor as {@code add(II)I}
     */
    public final @Nullable Object call(String className, String method, Object... arguments) {
        return invoke(Callee.ofName(className, method), arguments);
    }

    /** Calls by name and returns at once; see {@link #call(String, String, Object...)}. */
    public final CompletableFuture<Object> callAsync(String className, String method, Object... arguments) {
        return invokeAsync(Callee.ofName(className, method), arguments);
    }

    /** Calls by name and forgets it; see {@link #call(String, String, Object...)}. */
    public final void callNoReply(String className, String method, Object... arguments) {
        invokeNoReply(Callee.ofName(className, method), arguments);
    }

    // == Functions of Python ==

    /** Calls a function of a Python context and returns its result. */
    @SuppressWarnings("unchecked") // the result was converted to what the caller named
    public final <R> R call(PythonFunction<R> function, Object... arguments) {
        return (R) invoke(Callee.ofPython(function), arguments);
    }

    /** Begins to run a function of a Python context; the future gets its result. */
    @SuppressWarnings("unchecked") // as above
    public final <R> CompletableFuture<R> callAsync(PythonFunction<R> function, Object... arguments) {
        return (CompletableFuture<R>) invokeAsync(Callee.ofPython(function), arguments);
    }

    /** Runs a function of a Python context and forgets it. */
    public final void callNoReply(PythonFunction<?> function, Object... arguments) {
        invokeNoReply(Callee.ofPython(function), arguments);
    }

    // == call: waits for the result ==

    /** Runs a function of no argument and returns its result. */
    public final <R> R call(Remote.Fn0<R> function) {
        return this.<R>invoke(function);
    }

    /** Runs a function of one argument and returns its result. */
    public final <A, R> R call(Remote.Fn1<A, R> function, A a) {
        return this.<R>invoke(function, a);
    }

    /** Runs a function of two arguments and returns its result. */
    public final <A, B, R> R call(Remote.Fn2<A, B, R> function, A a, B b) {
        return this.<R>invoke(function, a, b);
    }

    /** Runs a function of three arguments and returns its result. */
    public final <A, B, C, R> R call(Remote.Fn3<A, B, C, R> function, A a, B b, C c) {
        return this.<R>invoke(function, a, b, c);
    }

    /** Runs a function of four arguments and returns its result. */
    public final <A, B, C, D, R> R call(Remote.Fn4<A, B, C, D, R> function, A a, B b, C c, D d) {
        return this.<R>invoke(function, a, b, c, d);
    }

    /** Runs a function of five arguments and returns its result. */
    public final <A, B, C, D, E, R> R call(Remote.Fn5<A, B, C, D, E, R> function, A a, B b, C c, D d, E e) {
        return this.<R>invoke(function, a, b, c, d, e);
    }

    /** Runs a procedure of no argument and returns when it has ended. */
    public final void call(Remote.Proc0 function) {
        invoke(function);
    }

    /** Runs a procedure of one argument and returns when it has ended. */
    public final <A> void call(Remote.Proc1<A> function, A a) {
        invoke(function, a);
    }

    /** Runs a procedure of two arguments and returns when it has ended. */
    public final <A, B> void call(Remote.Proc2<A, B> function, A a, B b) {
        invoke(function, a, b);
    }

    /** Runs a procedure of three arguments and returns when it has ended. */
    public final <A, B, C> void call(Remote.Proc3<A, B, C> function, A a, B b, C c) {
        invoke(function, a, b, c);
    }

    /** Runs a procedure of four arguments and returns when it has ended. */
    public final <A, B, C, D> void call(Remote.Proc4<A, B, C, D> function, A a, B b, C c, D d) {
        invoke(function, a, b, c, d);
    }

    /** Runs a procedure of five arguments and returns when it has ended. */
    public final <A, B, C, D, E> void call(Remote.Proc5<A, B, C, D, E> function, A a, B b, C c, D d, E e) {
        invoke(function, a, b, c, d, e);
    }

    /** Runs a function of the {@link ChildContext} and returns its result. */
    @SuppressWarnings("overloads") // a lambda without a body type would be ambiguous; see Remote for the cast
    public final <R> R call(Remote.ChildFn0<R> function) {
        return this.<R>invoke(function);
    }

    /** Runs a function of the {@link ChildContext} and one argument and returns its result. */
    public final <A, R> R call(Remote.ChildFn1<A, R> function, A a) {
        return this.<R>invoke(function, a);
    }

    /** Runs a function of the {@link ChildContext} and two arguments and returns its result. */
    public final <A, B, R> R call(Remote.ChildFn2<A, B, R> function, A a, B b) {
        return this.<R>invoke(function, a, b);
    }

    /** Runs a function of the {@link ChildContext} and three arguments and returns its result. */
    public final <A, B, C, R> R call(Remote.ChildFn3<A, B, C, R> function, A a, B b, C c) {
        return this.<R>invoke(function, a, b, c);
    }

    /** Runs a function of the {@link ChildContext} and four arguments and returns its result. */
    public final <A, B, C, D, R> R call(Remote.ChildFn4<A, B, C, D, R> function, A a, B b, C c, D d) {
        return this.<R>invoke(function, a, b, c, d);
    }

    /** Runs a procedure of the {@link ChildContext} and returns when it has ended. */
    @SuppressWarnings("overloads") // as above
    public final void call(Remote.ChildProc0 function) {
        invoke(function);
    }

    /** Runs a procedure of the {@link ChildContext} and one argument and returns when it has ended. */
    public final <A> void call(Remote.ChildProc1<A> function, A a) {
        invoke(function, a);
    }

    /** Runs a procedure of the {@link ChildContext} and two arguments and returns when it has ended. */
    public final <A, B> void call(Remote.ChildProc2<A, B> function, A a, B b) {
        invoke(function, a, b);
    }

    /** Runs a procedure of the {@link ChildContext} and three arguments and returns when it has ended. */
    public final <A, B, C> void call(Remote.ChildProc3<A, B, C> function, A a, B b, C c) {
        invoke(function, a, b, c);
    }

    /** Runs a procedure of the {@link ChildContext} and four arguments and returns when it has ended. */
    public final <A, B, C, D> void call(Remote.ChildProc4<A, B, C, D> function, A a, B b, C c, D d) {
        invoke(function, a, b, c, d);
    }

    // == callAsync: returns at once ==

    /** Begins to run a function of no argument; the future gets its result. */
    public final <R> CompletableFuture<R> callAsync(Remote.Fn0<R> function) {
        return invokeAsync(function);
    }

    /** Begins to run a function of one argument; the future gets its result. */
    public final <A, R> CompletableFuture<R> callAsync(Remote.Fn1<A, R> function, A a) {
        return invokeAsync(function, a);
    }

    /** Begins to run a function of two arguments; the future gets its result. */
    public final <A, B, R> CompletableFuture<R> callAsync(Remote.Fn2<A, B, R> function, A a, B b) {
        return invokeAsync(function, a, b);
    }

    /** Begins to run a function of three arguments; the future gets its result. */
    public final <A, B, C, R> CompletableFuture<R> callAsync(Remote.Fn3<A, B, C, R> function, A a, B b, C c) {
        return invokeAsync(function, a, b, c);
    }

    /** Begins to run a function of four arguments; the future gets its result. */
    public final <A, B, C, D, R> CompletableFuture<R> callAsync(
            Remote.Fn4<A, B, C, D, R> function, A a, B b, C c, D d) {
        return invokeAsync(function, a, b, c, d);
    }

    /** Begins to run a function of five arguments; the future gets its result. */
    public final <A, B, C, D, E, R> CompletableFuture<R> callAsync(
            Remote.Fn5<A, B, C, D, E, R> function, A a, B b, C c, D d, E e) {
        return invokeAsync(function, a, b, c, d, e);
    }

    /** Begins to run a procedure of no argument; the future gets null when it has ended. */
    public final CompletableFuture<Void> callAsync(Remote.Proc0 function) {
        return invokeAsync(function);
    }

    /** Begins to run a procedure of one argument; the future gets null when it has ended. */
    public final <A> CompletableFuture<Void> callAsync(Remote.Proc1<A> function, A a) {
        return invokeAsync(function, a);
    }

    /** Begins to run a procedure of two arguments; the future gets null when it has ended. */
    public final <A, B> CompletableFuture<Void> callAsync(Remote.Proc2<A, B> function, A a, B b) {
        return invokeAsync(function, a, b);
    }

    /** Begins to run a procedure of three arguments; the future gets null when it has ended. */
    public final <A, B, C> CompletableFuture<Void> callAsync(Remote.Proc3<A, B, C> function, A a, B b, C c) {
        return invokeAsync(function, a, b, c);
    }

    /** Begins to run a procedure of four arguments; the future gets null when it has ended. */
    public final <A, B, C, D> CompletableFuture<Void> callAsync(Remote.Proc4<A, B, C, D> function, A a, B b, C c, D d) {
        return invokeAsync(function, a, b, c, d);
    }

    /** Begins to run a procedure of five arguments; the future gets null when it has ended. */
    public final <A, B, C, D, E> CompletableFuture<Void> callAsync(
            Remote.Proc5<A, B, C, D, E> function, A a, B b, C c, D d, E e) {
        return invokeAsync(function, a, b, c, d, e);
    }

    /** Begins to run a function of the {@link ChildContext}; the future gets its result. */
    @SuppressWarnings("overloads") // as above
    public final <R> CompletableFuture<R> callAsync(Remote.ChildFn0<R> function) {
        return invokeAsync(function);
    }

    /** Begins to run a function of the {@link ChildContext} and one argument; the future gets its result. */
    public final <A, R> CompletableFuture<R> callAsync(Remote.ChildFn1<A, R> function, A a) {
        return invokeAsync(function, a);
    }

    /** Begins to run a function of the {@link ChildContext} and two arguments; the future gets its result. */
    public final <A, B, R> CompletableFuture<R> callAsync(Remote.ChildFn2<A, B, R> function, A a, B b) {
        return invokeAsync(function, a, b);
    }

    /** Begins to run a function of the {@link ChildContext} and three arguments; the future gets its result. */
    public final <A, B, C, R> CompletableFuture<R> callAsync(Remote.ChildFn3<A, B, C, R> function, A a, B b, C c) {
        return invokeAsync(function, a, b, c);
    }

    /** Begins to run a function of the {@link ChildContext} and four arguments; the future gets its result. */
    public final <A, B, C, D, R> CompletableFuture<R> callAsync(
            Remote.ChildFn4<A, B, C, D, R> function, A a, B b, C c, D d) {
        return invokeAsync(function, a, b, c, d);
    }

    /** Begins to run a procedure of the {@link ChildContext}; the future gets null when it has ended. */
    @SuppressWarnings("overloads") // as above
    public final CompletableFuture<Void> callAsync(Remote.ChildProc0 function) {
        return invokeAsync(function);
    }

    /** Begins to run a procedure of the {@link ChildContext} and one argument; the future gets null when it has ended. */
    public final <A> CompletableFuture<Void> callAsync(Remote.ChildProc1<A> function, A a) {
        return invokeAsync(function, a);
    }

    /** Begins to run a procedure of the {@link ChildContext} and two arguments; the future gets null when it has ended. */
    public final <A, B> CompletableFuture<Void> callAsync(Remote.ChildProc2<A, B> function, A a, B b) {
        return invokeAsync(function, a, b);
    }

    /** Begins to run a procedure of the {@link ChildContext} and three arguments; the future gets null when it has ended. */
    public final <A, B, C> CompletableFuture<Void> callAsync(Remote.ChildProc3<A, B, C> function, A a, B b, C c) {
        return invokeAsync(function, a, b, c);
    }

    /** Begins to run a procedure of the {@link ChildContext} and four arguments; the future gets null when it has ended. */
    public final <A, B, C, D> CompletableFuture<Void> callAsync(
            Remote.ChildProc4<A, B, C, D> function, A a, B b, C c, D d) {
        return invokeAsync(function, a, b, c, d);
    }

    // == callNoReply: nobody hears of the result ==

    /** Runs what takes no argument and forgets it. */
    public final void callNoReply(Remote.Proc0 function) {
        invokeNoReply(function);
    }

    /** Runs what takes one argument and forgets it. */
    public final <A> void callNoReply(Remote.Proc1<A> function, A a) {
        invokeNoReply(function, a);
    }

    /** Runs what takes two arguments and forgets it. */
    public final <A, B> void callNoReply(Remote.Proc2<A, B> function, A a, B b) {
        invokeNoReply(function, a, b);
    }

    /** Runs what takes three arguments and forgets it. */
    public final <A, B, C> void callNoReply(Remote.Proc3<A, B, C> function, A a, B b, C c) {
        invokeNoReply(function, a, b, c);
    }

    /** Runs what takes four arguments and forgets it. */
    public final <A, B, C, D> void callNoReply(Remote.Proc4<A, B, C, D> function, A a, B b, C c, D d) {
        invokeNoReply(function, a, b, c, d);
    }

    /** Runs what takes five arguments and forgets it. */
    public final <A, B, C, D, E> void callNoReply(Remote.Proc5<A, B, C, D, E> function, A a, B b, C c, D d, E e) {
        invokeNoReply(function, a, b, c, d, e);
    }

    /** Runs what takes the {@link ChildContext} and forgets it. */
    public final void callNoReply(Remote.ChildProc0 function) {
        invokeNoReply(function);
    }

    /** Runs what takes the {@link ChildContext} and one argument and forgets it. */
    public final <A> void callNoReply(Remote.ChildProc1<A> function, A a) {
        invokeNoReply(function, a);
    }

    /** Runs what takes the {@link ChildContext} and two arguments and forgets it. */
    public final <A, B> void callNoReply(Remote.ChildProc2<A, B> function, A a, B b) {
        invokeNoReply(function, a, b);
    }

    /** Runs what takes the {@link ChildContext} and three arguments and forgets it. */
    public final <A, B, C> void callNoReply(Remote.ChildProc3<A, B, C> function, A a, B b, C c) {
        invokeNoReply(function, a, b, c);
    }

    /** Runs what takes the {@link ChildContext} and four arguments and forgets it. */
    public final <A, B, C, D> void callNoReply(Remote.ChildProc4<A, B, C, D> function, A a, B b, C c, D d) {
        invokeNoReply(function, a, b, c, d);
    }
}
