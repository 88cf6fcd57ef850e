// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.life;

import io.mitogen.connect.Local;
import io.mitogen.core.call.ChildContext;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.ContextGoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** What the tests of life and death do in contexts. */
final class Acts {
    private static final List<byte[]> HOARD = new ArrayList<>();
    private static final int MEGABYTE = 1 << 20;

    private Acts() {}

    static long pid() {
        return ProcessHandle.current().pid();
    }

    static int javaVersion() {
        return Runtime.version().feature();
    }

    static String property(String name) {
        return System.getProperty(name);
    }

    static Context start(ChildContext child, String name) {
        return child.connect(Local.create().name(name));
    }

    static void parkForEver() throws InterruptedException {
        synchronized (HOARD) {
            while (true) {
                HOARD.wait();
            }
        }
    }

    static void spin() {
        while (true) {
            Thread.onSpinWait();
        }
    }

    static void ignoreInterrupts() {
        while (true) {
            LockSupport.park();
            Thread.interrupted();
        }
    }

    static int readInput() throws IOException {
        return System.in.read();
    }

    /** Blocks in native code: a FIFO that nobody writes to. */
    static void blockInOpen(String fifo) throws IOException {
        new java.io.FileInputStream(fifo).close();
    }

    static void exit(int status) {
        System.exit(status);
    }

    static void halt(int status) {
        Runtime.getRuntime().halt(status);
    }

    static int needTooMuch() {
        List<byte[]> parts = new ArrayList<>();
        while (true) {
            parts.add(new byte[MEGABYTE]);
        }
    }

    /** Takes all memory for good, with threads that take what anybody gives back. */
    static void hoard() {
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(Acts::takeAll);
            thread.start();
        }
    }

    private static void takeAll() {
        int size = MEGABYTE;
        while (true) {
            try {
                byte[] more = new byte[size];
                synchronized (HOARD) {
                    HOARD.add(more);
                }
            } catch (OutOfMemoryError expected) { // the purpose: take smaller pieces, and keep trying
                size = Math.max(16, size / 2);
            }
        }
    }

    static int length(byte[] bytes) {
        return bytes.length;
    }

    static int allocate(int bytes) {
        return new byte[bytes].length;
    }

    /** Starts threads that would keep an ordinary JVM alive. */
    static void leaveThreads() {
        for (int i = 0; i < 3; i++) {
            new Thread(Acts::spinSlowly).start();
        }
    }

    /** Leaves this process no address space for the stack of one more thread. */
    static void takeAllThreads() throws IOException, InterruptedException {
        long kibibytes = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmSize:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
        String limit = "--as=" + (kibibytes * 1024 + 16 * MEGABYTE);
        new ProcessBuilder("prlimit", "--pid", Long.toString(pid()), limit)
                .inheritIO()
                .start()
                .waitFor();
        try {
            for (int i = 0; i < 1_000; i++) {
                new Thread(Acts::spinSlowly).start();
            }
        } catch (OutOfMemoryError expected) {
            return;
        }
        throw new IllegalStateException("the limit does not hold");
    }

    private static void spinSlowly() {
        while (true) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Starts a process and leaves it. */
    static long leaveProcess() throws IOException {
        return new ProcessBuilder("sleep", "1000").inheritIO().start().pid();
    }

    /** Calls what is gone; returns what is said of its end. */
    static String howItEnded(Context gone) {
        try {
            return "it lives: " + gone.call(Acts::pid);
        } catch (ContextGoneException e) {
            return e.getMessage();
        }
    }
}
