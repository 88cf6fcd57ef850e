// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.Nullable;
import io.mitogen.core.concurrent.Threads;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.WeakHashMap;
import java.util.function.BiConsumer;

/**
 * The threads that serve a broker of a program, and its own: whoever closes the broker, or a router on it, waits for them, so that
 * none outlives the application that brought it. Any thread.
 */
public final class Crew implements BiConsumer<Object, Thread>, Runnable {
    /** How long a close waits for threads that still have something to do, such as callbacks of the user. */
    static final long LIMIT_NS = 2_000_000_000L;

    /** How long a close waits for the log of those that have not ended. */
    private static final long LOG_MS = 1_000;

    private static final int LOGGED_FRAMES = 8;

    private final Broker broker;

    /** Each with its owner. Weak: threads that cannot be started are never heard of again, and a broker outlives its routers. */
    private final Map<Thread, WeakReference<Object>> owners = new WeakHashMap<>(); // guarded by itself

    private Crew(Broker broker) {
        this.broker = broker;
    }

    /** Returns the crew of {@code broker}, which has one from the first call on: call it before the broker is used. */
    public static Crew of(Broker broker) {
        Threads threads = broker.threads();
        synchronized (threads) {
            if (!(threads.watch() instanceof Crew)) {
                Crew crew = new Crew(broker);
                crew.accept(broker, broker.thread());
                threads.watch(crew);
            }
            return (Crew) threads.watch();
        }
    }

    /** Takes {@code thread}, not started yet, into the crew. */
    @Override
    public void accept(Object owner, Thread thread) {
        synchronized (owners) {
            owners.put(thread, new WeakReference<>(owner));
        }
    }

    /** Waits for all, when the broker has been closed. */
    @Override
    public void run() {
        await(null);
    }

    /**
     * Waits until the threads of {@code owner} have ended, two seconds at most; then logs which have not, once. Does not wait on a
     * thread of the crew or inside a turn.
     *
     * @param owner null for the threads of everybody
     */
    public void await(@Nullable Object owner) {
        if (broker.inTurn() || has(Thread.currentThread())) {
            return;
        }
        boolean wasInterrupted = Thread.interrupted(); // it must not leave threads behind because of that
        try {
            long untilNs = System.nanoTime() + LIMIT_NS;
            for (List<Thread> left = alive(owner); !left.isEmpty(); left = alive(owner)) {
                long restMs = (untilNs - System.nanoTime()) / 1_000_000;
                if (restMs <= 0) {
                    warn(left);
                    break;
                }
                left.get(0).join(restMs);
            }
        } catch (InterruptedException expected) { // meanwhile: the caller is in a hurry, and they end by themselves
            wasInterrupted = true;
        } catch (OutOfMemoryError expected) {
            // there is no memory to wait; they end all the same
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean has(Thread thread) {
        synchronized (owners) {
            return owners.containsKey(thread);
        }
    }

    private List<Thread> alive(@Nullable Object owner) {
        List<Thread> alive = new ArrayList<>();
        synchronized (owners) {
            for (Map.Entry<Thread, WeakReference<Object>> each : owners.entrySet()) {
                if (each.getKey().isAlive() && (owner == null || each.getValue().refersTo(owner))) {
                    alive.add(each.getKey());
                }
            }
        }
        return alive;
    }

    /** On another thread, as one of those that still run may be in a log handler. */
    private void warn(List<Thread> left) throws InterruptedException {
        StringJoiner text = new StringJoiner(
                "; ", "closed, but after " + LIMIT_NS / 1_000_000_000 + " s more these threads still run: ", "");
        for (Thread each : left) {
            StackTraceElement[] frames = each.getStackTrace();
            text.add(each.getName() + " in "
                    + Arrays.toString(Arrays.copyOf(frames, Math.min(frames.length, LOGGED_FRAMES))));
        }
        synchronized (owners) {
            owners.keySet().removeAll(left);
        }
        Thread warning = Threads.daemon("late", () -> broker.log().warning(text.toString()));
        warning.start();
        warning.join(LOG_MS);
    }
}
