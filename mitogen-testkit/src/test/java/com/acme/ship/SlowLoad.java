// SPDX-License-Identifier: BSD-3-Clause
package com.acme.ship;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Loads a class on a thread of its own, which the test disturbs while it waits. One test at a time. */
public final class SlowLoad implements Runnable {
    private static final long HOOK_MS = 5_000;

    private static SlowLoad current; // main thread
    private static Thread thread; // main thread

    private final String className;
    private volatile String outcome = "";

    private SlowLoad(String className) {
        this.className = className;
    }

    /** Begins to load, and returns when the thread waits. */
    public static void begin(String className) {
        current = new SlowLoad(className);
        thread = new Thread(current, "slow");
        thread.start();
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    /** Interrupts the thread, which must be waiting still afterwards. */
    public static void interrupt() {
        thread.interrupt();
    }

    /** Waits for the thread, and returns the class, or the exception, and whether the interrupt is still there. */
    public static String outcome() throws InterruptedException {
        thread.join();
        return current.outcome;
    }

    /** Has the outcome written to {@code file}, also when this process ends meanwhile. */
    public static void keep(String file) {
        Thread loading = thread;
        SlowLoad load = current;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                loading.join(HOOK_MS);
                Path part = Path.of(file + ".part");
                Files.writeString(part, load.outcome);
                Files.move(part, Path.of(file));
            } catch (InterruptedException | IOException e) {
                throw new IllegalStateException(e);
            }
        }));
    }

    @Override
    public void run() {
        String result = Probe.load(className);
        outcome = result + (Thread.currentThread().isInterrupted() ? ", interrupted" : "");
    }
}
