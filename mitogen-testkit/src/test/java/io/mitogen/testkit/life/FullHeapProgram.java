// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.life;

import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.Receiver;
import io.mitogen.core.call.Select;
import io.mitogen.core.loop.Broker;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * A master whose broker dies of a full heap while threads wait for whatever can be waited for. Arguments: the KiB that are left on
 * the heap, and a program that never becomes a context. Prints what each wait ended with, and what it found after the close.
 */
public final class FullHeapProgram {
    private static final int CHILDREN = 4;
    private static final int LARGEST = 1 << 20;
    private static final long LIMIT_MS = 60_000;
    private static final String[] WAITS = {
        "call",
        "call",
        "call",
        "call",
        "async",
        "async",
        "async",
        "async",
        "receiver",
        "receiver",
        "select",
        "gone",
        "connect"
    };

    private static volatile boolean isFull;
    private static volatile Object hoard;
    private static volatile Object needed;

    private final Broker broker = Mitogen.startBroker();
    private final MasterRouter router = new MasterRouter(broker);
    private final List<Context> children = new ArrayList<>();
    private final Object[] outcomes = new Object[WAITS.length]; // each set by the thread that waits
    private final Thread[] threads = new Thread[WAITS.length];

    public static void main(String[] args) throws Exception {
        new FullHeapProgram().run(Integer.parseInt(args[0]) * 1024, args[1]);
    }

    private void run(int left, String hanging) throws Exception {
        List<ProcessHandle> processes = new ArrayList<>();
        Local small = Local.create().jvmOptions("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx32m");
        for (int i = 0; i < CHILDREN; i++) {
            Context child = router.connect(small);
            processes.add(ProcessHandle.of(child.call(Acts::pid)).orElseThrow());
            children.add(child);
        }
        System.out.println("pids " + processes);
        Receiver mailbox = router.receiver();
        Select select = Select.lasting(router.receiver());
        for (int i = 0; i < WAITS.length; i++) {
            await(i, waitOf(i, mailbox, select, small.java(hanging)));
        }
        for (Thread thread : threads) {
            while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
        }
        broker.defer(() -> {
            while (!isFull) {
                LockSupport.parkNanos(1_000_000);
            }
            needed = new byte[LARGEST];
        });
        byte[] kept = left == 0 ? null : new byte[left];
        hoard = fill();
        kept = null;
        isFull = true;
        awaitAll();
        Throwable ofClose = null;
        try {
            router.close();
        } catch (Throwable e) {
            ofClose = e;
        }
        broker.close();
        boolean isEnded = broker.isClosed();
        int alive = 0;
        for (ProcessHandle each : processes) {
            alive += each.isAlive() ? 1 : 0;
        }
        hoard = null; // kept until here
        for (int i = 0; i < WAITS.length; i++) {
            System.out.println(WAITS[i] + " " + (threads[i].isAlive() ? "hangs" : outcomes[i]));
        }
        System.out.println("ended " + isEnded);
        System.out.println("alive " + alive);
        System.out.println("closed " + ofClose);
    }

    private Callable<Object> waitOf(int index, Receiver mailbox, Select select, Local hanging) {
        Context child = children.get(index % CHILDREN);
        return switch (WAITS[index]) {
            case "call" ->
                () -> {
                    child.call(Acts::parkForEver);
                    return "returned";
                };
            case "async" -> awaiting(child.callAsync(Acts::parkForEver));
            case "receiver" -> mailbox::get;
            case "select" -> select::get;
            case "gone" -> awaiting(child.gone());
            default -> awaiting(router.connectAsync(hanging));
        };
    }

    private static Callable<Object> awaiting(CompletableFuture<?> future) {
        return future::get;
    }

    private void await(int index, Callable<Object> wait) {
        threads[index] = new Thread(() -> {
            try {
                outcomes[index] = wait.call();
            } catch (Throwable e) {
                outcomes[index] = e;
            }
        });
        threads[index].setDaemon(true);
        threads[index].start();
    }

    private void awaitAll() throws InterruptedException {
        long untilMs = System.currentTimeMillis() + LIMIT_MS;
        for (int i = 0; i < threads.length; i++) {
            while (threads[i].isAlive() && System.currentTimeMillis() < untilMs) {
                threads[i].join(1_000);
            }
        }
    }

    /** Takes all there is, down to the smallest piece. */
    private static Object fill() {
        Object[] last = new Object[2];
        for (int size = LARGEST; size >= 2; size /= 2) {
            try {
                while (true) {
                    Object[] next = new Object[size];
                    next[0] = last;
                    last = next;
                }
            } catch (OutOfMemoryError expected) {
                // the next are smaller
            }
        }
        return last;
    }
}
