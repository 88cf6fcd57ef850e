// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import java.io.Serializable;
import java.util.concurrent.CompletableFuture;

/**
 * The ways to call a function somewhere else. Any thread, but {@code call} waits and so refuses inside a turn of the broker.
 *
 * <p>The function is a static method by reference, or a lambda; what follows are its arguments. Arguments, captured values
 * and results obey the serialization rules ({@link io.mitogen.core.pickle}); what breaks them is refused before anything is
 * sent, with the path to it. Calls to one context run there one after another, in the order they were made.
 *
 * <p>{@code call} returns the result, converted to the type that the function declares, or throws {@link CallException} when
 * the function failed, {@link ContextGoneException} when the context went away, {@link ChannelException} when it refused.
 * {@code callAsync} gives the same through a future, which completes on a thread for callbacks: one callback at a time for
 * each context, so a callback must not wait for another future of the same context. {@code callNoReply} waits for nothing; a
 * failure is logged where it happens.
 */
public abstract class Caller {
    Caller() {}

    /** Sends a call that belongs to {@code chainId}, null for none, and waits for its result. */
    abstract @Nullable Object invoke(RemoteMethod method, Object[] arguments);

    abstract CompletableFuture<Object> invokeAsync(RemoteMethod method, Object[] arguments);

    abstract void invokeNoReply(RemoteMethod method, Object[] arguments);

    @SuppressWarnings("unchecked") // the result was converted to what the function declares
    private <R> R invoke(Serializable function, Object... arguments) {
        return (R) invoke(RemoteMethod.of(function), arguments);
    }

    @SuppressWarnings("unchecked") // as above
    private <R> CompletableFuture<R> invokeAsync(Serializable function, Object... arguments) {
        return (CompletableFuture<R>) invokeAsync(RemoteMethod.of(function), arguments);
    }

    private void invokeNoReply(Serializable function, Object... arguments) {
        invokeNoReply(RemoteMethod.of(function), arguments);
    }

    // == By name ==

    /**
     * Calls a static method by name; overloads are told apart by the arguments, in the other context.
     *
     * @param className binary name, as {@code com.acme.Outer$Inner}
     * @param method its name, or its name and descriptor as {@code add(II)I}
     */
    public final @Nullable Object call(String className, String method, Object... arguments) {
        return invoke(RemoteMethod.named(className, method), arguments);
    }

    /** Calls by name and returns at once; see {@link #call(String, String, Object...)}. */
    public final CompletableFuture<Object> callAsync(String className, String method, Object... arguments) {
        return invokeAsync(RemoteMethod.named(className, method), arguments);
    }

    /** Calls by name and forgets it; see {@link #call(String, String, Object...)}. */
    public final void callNoReply(String className, String method, Object... arguments) {
        invokeNoReply(RemoteMethod.named(className, method), arguments);
    }

    // == call: waits for the result ==

    public final <R> R call(Remote.Fn0<R> function) {
        return this.<R>invoke(function);
    }

    public final <A, R> R call(Remote.Fn1<A, R> function, A a) {
        return this.<R>invoke(function, a);
    }

    public final <A, B, R> R call(Remote.Fn2<A, B, R> function, A a, B b) {
        return this.<R>invoke(function, a, b);
    }

    public final <A, B, C, R> R call(Remote.Fn3<A, B, C, R> function, A a, B b, C c) {
        return this.<R>invoke(function, a, b, c);
    }

    public final <A, B, C, D, R> R call(Remote.Fn4<A, B, C, D, R> function, A a, B b, C c, D d) {
        return this.<R>invoke(function, a, b, c, d);
    }

    public final <A, B, C, D, E, R> R call(Remote.Fn5<A, B, C, D, E, R> function, A a, B b, C c, D d, E e) {
        return this.<R>invoke(function, a, b, c, d, e);
    }

    public final void call(Remote.Proc0 function) {
        invoke(function);
    }

    public final <A> void call(Remote.Proc1<A> function, A a) {
        invoke(function, a);
    }

    public final <A, B> void call(Remote.Proc2<A, B> function, A a, B b) {
        invoke(function, a, b);
    }

    public final <A, B, C> void call(Remote.Proc3<A, B, C> function, A a, B b, C c) {
        invoke(function, a, b, c);
    }

    public final <A, B, C, D> void call(Remote.Proc4<A, B, C, D> function, A a, B b, C c, D d) {
        invoke(function, a, b, c, d);
    }

    public final <A, B, C, D, E> void call(Remote.Proc5<A, B, C, D, E> function, A a, B b, C c, D d, E e) {
        invoke(function, a, b, c, d, e);
    }

    @SuppressWarnings("overloads") // a lambda without a body type would be ambiguous; see Remote for the cast
    public final <R> R call(Remote.ChildFn0<R> function) {
        return this.<R>invoke(function);
    }

    public final <A, R> R call(Remote.ChildFn1<A, R> function, A a) {
        return this.<R>invoke(function, a);
    }

    public final <A, B, R> R call(Remote.ChildFn2<A, B, R> function, A a, B b) {
        return this.<R>invoke(function, a, b);
    }

    public final <A, B, C, R> R call(Remote.ChildFn3<A, B, C, R> function, A a, B b, C c) {
        return this.<R>invoke(function, a, b, c);
    }

    public final <A, B, C, D, R> R call(Remote.ChildFn4<A, B, C, D, R> function, A a, B b, C c, D d) {
        return this.<R>invoke(function, a, b, c, d);
    }

    @SuppressWarnings("overloads") // as above
    public final void call(Remote.ChildProc0 function) {
        invoke(function);
    }

    public final <A> void call(Remote.ChildProc1<A> function, A a) {
        invoke(function, a);
    }

    public final <A, B> void call(Remote.ChildProc2<A, B> function, A a, B b) {
        invoke(function, a, b);
    }

    public final <A, B, C> void call(Remote.ChildProc3<A, B, C> function, A a, B b, C c) {
        invoke(function, a, b, c);
    }

    public final <A, B, C, D> void call(Remote.ChildProc4<A, B, C, D> function, A a, B b, C c, D d) {
        invoke(function, a, b, c, d);
    }

    // == callAsync: returns at once ==

    public final <R> CompletableFuture<R> callAsync(Remote.Fn0<R> function) {
        return invokeAsync(function);
    }

    public final <A, R> CompletableFuture<R> callAsync(Remote.Fn1<A, R> function, A a) {
        return invokeAsync(function, a);
    }

    public final <A, B, R> CompletableFuture<R> callAsync(Remote.Fn2<A, B, R> function, A a, B b) {
        return invokeAsync(function, a, b);
    }

    public final <A, B, C, R> CompletableFuture<R> callAsync(Remote.Fn3<A, B, C, R> function, A a, B b, C c) {
        return invokeAsync(function, a, b, c);
    }

    public final <A, B, C, D, R> CompletableFuture<R> callAsync(
            Remote.Fn4<A, B, C, D, R> function, A a, B b, C c, D d) {
        return invokeAsync(function, a, b, c, d);
    }

    public final <A, B, C, D, E, R> CompletableFuture<R> callAsync(
            Remote.Fn5<A, B, C, D, E, R> function, A a, B b, C c, D d, E e) {
        return invokeAsync(function, a, b, c, d, e);
    }

    public final CompletableFuture<Void> callAsync(Remote.Proc0 function) {
        return invokeAsync(function);
    }

    public final <A> CompletableFuture<Void> callAsync(Remote.Proc1<A> function, A a) {
        return invokeAsync(function, a);
    }

    public final <A, B> CompletableFuture<Void> callAsync(Remote.Proc2<A, B> function, A a, B b) {
        return invokeAsync(function, a, b);
    }

    public final <A, B, C> CompletableFuture<Void> callAsync(Remote.Proc3<A, B, C> function, A a, B b, C c) {
        return invokeAsync(function, a, b, c);
    }

    public final <A, B, C, D> CompletableFuture<Void> callAsync(Remote.Proc4<A, B, C, D> function, A a, B b, C c, D d) {
        return invokeAsync(function, a, b, c, d);
    }

    public final <A, B, C, D, E> CompletableFuture<Void> callAsync(
            Remote.Proc5<A, B, C, D, E> function, A a, B b, C c, D d, E e) {
        return invokeAsync(function, a, b, c, d, e);
    }

    @SuppressWarnings("overloads") // as above
    public final <R> CompletableFuture<R> callAsync(Remote.ChildFn0<R> function) {
        return invokeAsync(function);
    }

    public final <A, R> CompletableFuture<R> callAsync(Remote.ChildFn1<A, R> function, A a) {
        return invokeAsync(function, a);
    }

    public final <A, B, R> CompletableFuture<R> callAsync(Remote.ChildFn2<A, B, R> function, A a, B b) {
        return invokeAsync(function, a, b);
    }

    public final <A, B, C, R> CompletableFuture<R> callAsync(Remote.ChildFn3<A, B, C, R> function, A a, B b, C c) {
        return invokeAsync(function, a, b, c);
    }

    public final <A, B, C, D, R> CompletableFuture<R> callAsync(
            Remote.ChildFn4<A, B, C, D, R> function, A a, B b, C c, D d) {
        return invokeAsync(function, a, b, c, d);
    }

    @SuppressWarnings("overloads") // as above
    public final CompletableFuture<Void> callAsync(Remote.ChildProc0 function) {
        return invokeAsync(function);
    }

    public final <A> CompletableFuture<Void> callAsync(Remote.ChildProc1<A> function, A a) {
        return invokeAsync(function, a);
    }

    public final <A, B> CompletableFuture<Void> callAsync(Remote.ChildProc2<A, B> function, A a, B b) {
        return invokeAsync(function, a, b);
    }

    public final <A, B, C> CompletableFuture<Void> callAsync(Remote.ChildProc3<A, B, C> function, A a, B b, C c) {
        return invokeAsync(function, a, b, c);
    }

    public final <A, B, C, D> CompletableFuture<Void> callAsync(
            Remote.ChildProc4<A, B, C, D> function, A a, B b, C c, D d) {
        return invokeAsync(function, a, b, c, d);
    }

    // == callNoReply: nobody hears of the result ==

    public final void callNoReply(Remote.Proc0 function) {
        invokeNoReply(function);
    }

    public final <A> void callNoReply(Remote.Proc1<A> function, A a) {
        invokeNoReply(function, a);
    }

    public final <A, B> void callNoReply(Remote.Proc2<A, B> function, A a, B b) {
        invokeNoReply(function, a, b);
    }

    public final <A, B, C> void callNoReply(Remote.Proc3<A, B, C> function, A a, B b, C c) {
        invokeNoReply(function, a, b, c);
    }

    public final <A, B, C, D> void callNoReply(Remote.Proc4<A, B, C, D> function, A a, B b, C c, D d) {
        invokeNoReply(function, a, b, c, d);
    }

    public final <A, B, C, D, E> void callNoReply(Remote.Proc5<A, B, C, D, E> function, A a, B b, C c, D d, E e) {
        invokeNoReply(function, a, b, c, d, e);
    }

    public final void callNoReply(Remote.ChildProc0 function) {
        invokeNoReply(function);
    }

    public final <A> void callNoReply(Remote.ChildProc1<A> function, A a) {
        invokeNoReply(function, a);
    }

    public final <A, B> void callNoReply(Remote.ChildProc2<A, B> function, A a, B b) {
        invokeNoReply(function, a, b);
    }

    public final <A, B, C> void callNoReply(Remote.ChildProc3<A, B, C> function, A a, B b, C c) {
        invokeNoReply(function, a, b, c);
    }

    public final <A, B, C, D> void callNoReply(Remote.ChildProc4<A, B, C, D> function, A a, B b, C c, D d) {
        invokeNoReply(function, a, b, c, d);
    }
}
