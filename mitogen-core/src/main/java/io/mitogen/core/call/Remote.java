// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import java.io.Serializable;

/**
 * The shapes of what may be called in another context: they exist so that the compiler can check arguments and results, and
 * are rarely named in a program.
 *
 * <p>A method reference or a lambda is written where one of them is expected ({@code context.call(Sums::add, 1, 2)}). {@code Fn}
 * returns a value and {@code Proc} does not; the digit counts the arguments that are sent. The {@code Child} kinds are given the
 * {@link ChildContext} of the context they run in, before what is sent. A name is needed only where the compiler cannot choose,
 * that is for an overloaded or a varargs method and for a lambda with parameters whose body is a call:
 * {@code call((Remote.Fn1<Integer, String>) Integer::toHexString, 255)}.
 *
 * <p>Implement none of them with a class: only lambdas and method references can be named in another context. What they run
 * may throw any exception. Any thread.
 */
public final class Remote {
    private Remote() {}

    /**
     * Of no argument, with a result.
     *
     * @param <R> type of the result
     */
    @FunctionalInterface
    public interface Fn0<R> extends Serializable {
        /** Runs in the other context. */
        R apply() throws Exception;
    }

    /**
     * Of one argument, with a result.
     *
     * @param <A> type of argument 1
     * @param <R> type of the result
     */
    @FunctionalInterface
    public interface Fn1<A, R> extends Serializable {
        /** Runs in the other context. */
        R apply(A a) throws Exception;
    }

    /**
     * Of two arguments, with a result.
     *
     * @param <A> type of argument 1
     * @param <B> type of argument 2
     * @param <R> type of the result
     */
    @FunctionalInterface
    public interface Fn2<A, B, R> extends Serializable {
        /** Runs in the other context. */
        R apply(A a, B b) throws Exception;
    }

    /**
     * Of three arguments, with a result.
     *
     * @param <A> type of argument 1
     * @param <B> type of argument 2
     * @param <C> type of argument 3
     * @param <R> type of the result
     */
    @FunctionalInterface
    public interface Fn3<A, B, C, R> extends Serializable {
        /** Runs in the other context. */
        R apply(A a, B b, C c) throws Exception;
    }

    /**
     * Of four arguments, with a result.
     *
     * @param <A> type of argument 1
     * @param <B> type of argument 2
     * @param <C> type of argument 3
     * @param <D> type of argument 4
     * @param <R> type of the result
     */
    @FunctionalInterface
    public interface Fn4<A, B, C, D, R> extends Serializable {
        /** Runs in the other context. */
        R apply(A a, B b, C c, D d) throws Exception;
    }

    /**
     * Of five arguments, with a result.
     *
     * @param <A> type of argument 1
     * @param <B> type of argument 2
     * @param <C> type of argument 3
     * @param <D> type of argument 4
     * @param <E> type of argument 5
     * @param <R> type of the result
     */
    @FunctionalInterface
    public interface Fn5<A, B, C, D, E, R> extends Serializable {
        /** Runs in the other context. */
        R apply(A a, B b, C c, D d, E e) throws Exception;
    }

    /** Of no argument, without a result. */
    @FunctionalInterface
    public interface Proc0 extends Serializable {
        /** Runs in the other context. */
        void run() throws Exception;
    }

    /**
     * Of one argument, without a result.
     *
     * @param <A> type of argument 1
     */
    @FunctionalInterface
    public interface Proc1<A> extends Serializable {
        /** Runs in the other context. */
        void run(A a) throws Exception;
    }

    /**
     * Of two arguments, without a result.
     *
     * @param <A> type of argument 1
     * @param <B> type of argument 2
     */
    @FunctionalInterface
    public interface Proc2<A, B> extends Serializable {
        /** Runs in the other context. */
        void run(A a, B b) throws Exception;
    }

    /**
     * Of three arguments, without a result.
     *
     * @param <A> type of argument 1
     * @param <B> type of argument 2
     * @param <C> type of argument 3
     */
    @FunctionalInterface
    public interface Proc3<A, B, C> extends Serializable {
        /** Runs in the other context. */
        void run(A a, B b, C c) throws Exception;
    }

    /**
     * Of four arguments, without a result.
     *
     * @param <A> type of argument 1
     * @param <B> type of argument 2
     * @param <C> type of argument 3
     * @param <D> type of argument 4
     */
    @FunctionalInterface
    public interface Proc4<A, B, C, D> extends Serializable {
        /** Runs in the other context. */
        void run(A a, B b, C c, D d) throws Exception;
    }

    /**
     * Of five arguments, without a result.
     *
     * @param <A> type of argument 1
     * @param <B> type of argument 2
     * @param <C> type of argument 3
     * @param <D> type of argument 4
     * @param <E> type of argument 5
     */
    @FunctionalInterface
    public interface Proc5<A, B, C, D, E> extends Serializable {
        /** Runs in the other context. */
        void run(A a, B b, C c, D d, E e) throws Exception;
    }

    /**
     * Of no argument and the child context, with a result.
     *
     * @param <R> type of the result
     */
    @FunctionalInterface
    public interface ChildFn0<R> extends Serializable {
        /** Runs in the other context. */
        R apply(ChildContext child) throws Exception;
    }

    /**
     * Of one argument and the child context, with a result.
     *
     * @param <A> type of argument 1
     * @param <R> type of the result
     */
    @FunctionalInterface
    public interface ChildFn1<A, R> extends Serializable {
        /** Runs in the other context. */
        R apply(ChildContext child, A a) throws Exception;
    }

    /**
     * Of two arguments and the child context, with a result.
     *
     * @param <A> type of argument 1
     * @param <B> type of argument 2
     * @param <R> type of the result
     */
    @FunctionalInterface
    public interface ChildFn2<A, B, R> extends Serializable {
        /** Runs in the other context. */
        R apply(ChildContext child, A a, B b) throws Exception;
    }

    /**
     * Of three arguments and the child context, with a result.
     *
     * @param <A> type of argument 1
     * @param <B> type of argument 2
     * @param <C> type of argument 3
     * @param <R> type of the result
     */
    @FunctionalInterface
    public interface ChildFn3<A, B, C, R> extends Serializable {
        /** Runs in the other context. */
        R apply(ChildContext child, A a, B b, C c) throws Exception;
    }

    /**
     * Of four arguments and the child context, with a result.
     *
     * @param <A> type of argument 1
     * @param <B> type of argument 2
     * @param <C> type of argument 3
     * @param <D> type of argument 4
     * @param <R> type of the result
     */
    @FunctionalInterface
    public interface ChildFn4<A, B, C, D, R> extends Serializable {
        /** Runs in the other context. */
        R apply(ChildContext child, A a, B b, C c, D d) throws Exception;
    }

    /** Of no argument and the child context, without a result. */
    @FunctionalInterface
    public interface ChildProc0 extends Serializable {
        /** Runs in the other context. */
        void run(ChildContext child) throws Exception;
    }

    /**
     * Of one argument and the child context, without a result.
     *
     * @param <A> type of argument 1
     */
    @FunctionalInterface
    public interface ChildProc1<A> extends Serializable {
        /** Runs in the other context. */
        void run(ChildContext child, A a) throws Exception;
    }

    /**
     * Of two arguments and the child context, without a result.
     *
     * @param <A> type of argument 1
     * @param <B> type of argument 2
     */
    @FunctionalInterface
    public interface ChildProc2<A, B> extends Serializable {
        /** Runs in the other context. */
        void run(ChildContext child, A a, B b) throws Exception;
    }

    /**
     * Of three arguments and the child context, without a result.
     *
     * @param <A> type of argument 1
     * @param <B> type of argument 2
     * @param <C> type of argument 3
     */
    @FunctionalInterface
    public interface ChildProc3<A, B, C> extends Serializable {
        /** Runs in the other context. */
        void run(ChildContext child, A a, B b, C c) throws Exception;
    }

    /**
     * Of four arguments and the child context, without a result.
     *
     * @param <A> type of argument 1
     * @param <B> type of argument 2
     * @param <C> type of argument 3
     * @param <D> type of argument 4
     */
    @FunctionalInterface
    public interface ChildProc4<A, B, C, D> extends Serializable {
        /** Runs in the other context. */
        void run(ChildContext child, A a, B b, C c, D d) throws Exception;
    }
}
