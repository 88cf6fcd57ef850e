// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.log;

import io.mitogen.connect.Local;
import io.mitogen.core.call.ChildContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What the contexts of these tests say. */
public final class Talker {
    private Talker() {}

    /** Prints and calls itself until the stack is full. */
    public static int printDeeper(int depth) {
        System.out.println(depth);
        return 1 + printDeeper(depth + 1);
    }

    /** Says {@code text} in every way there is. */
    public static void sayAll(String text) throws Exception {
        System.out.println("out " + text);
        System.err.println("err " + text);
        System.out.printf(Locale.ROOT, "%s %d%n", "printf " + text, 1);
        System.out.print("in ");
        System.out.print("pieces ");
        System.out.println(text);
        run("echo shell out " + text + "; echo shell err " + text + " >&2");
        Logger.getLogger("com.acme.Jul").warning("jul " + text);
        System.getLogger("com.acme.System").log(System.Logger.Level.ERROR, "system {0}", text);
    }

    /** Starts a context below this one and has it say everything. */
    public static void sayAllBelow(ChildContext child, String name, String text) {
        child.connect(Local.create().name(name)).call(Talker::sayAll, text);
    }

    /** Runs a shell command with this process's own descriptors. */
    public static void run(String command) throws IOException, InterruptedException {
        new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor();
    }

    /** Prints a line. */
    public static void println(String text) {
        System.out.println(text);
    }

    /** Prints without a line end, here and in a shell. */
    public static void printUnended() throws Exception {
        System.out.print("out without end");
        System.err.print("err without end");
        run("printf 'shell without end'");
    }

    /** Prints what looks like parts of the link's own language, and bytes that are no text. */
    public static void printConfusion() throws Exception {
        System.out.println("MITO000");
        System.out.println("MITO001");
        System.out.println("MITO002");
        System.out.println("MITOERR no-java");
        byte[] frame = ByteBuffer.allocate(26)
                .putShort((short) 0x4d49)
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .putInt(106)
                .putInt(0)
                .putInt(Integer.MAX_VALUE)
                .array();
        System.out.write(frame);
        System.err.write(frame);
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        System.out.write(all);
        run("printf 'MITO002\\nMI\\000\\000\\377\\376\\n'; printf 'MITO000\\nMITO002\\n' >&2");
        System.out.println();
        System.out.println("after confusion");
    }

    /** Prints one line of this many characters of three bytes each. */
    public static void printLong(int chars) {
        System.out.println("\u20ac".repeat(chars));
    }

    /** Prints this many bytes without any line end, in one go, and then a line. */
    public static void printBytes(int count) throws IOException {
        System.out.write("x".repeat(count).getBytes(StandardCharsets.US_ASCII));
        System.out.println();
        System.out.println("after " + count);
    }

    /** Prints numbered lines. */
    public static void printLines(int count) {
        for (int i = 0; i < count; i++) {
            System.out.println("line " + i);
        }
    }

    /** Logs at each level, once with parameters, once with an exception, once without a name. */
    public static void logLevels() {
        Logger logger = Logger.getLogger("com.acme.Levels");
        for (Level level : new Level[] {
            Level.FINEST, Level.FINER, Level.FINE, Level.CONFIG, Level.INFO, Level.WARNING, Level.SEVERE
        }) {
            logger.log(level, "level {0}", level.getName());
        }
        logger.log(Level.WARNING, "with cause", new IllegalStateException("the cause"));
        Logger.getAnonymousLogger().warning("nameless");
    }

    /** Logs on a thread whose context class loader knows nothing of this context. */
    public static void logElsewhere() {
        CompletableFuture.runAsync(() -> Logger.getLogger("com.acme.Pool").warning("from the pool"))
                .join();
    }

    /** Logs a parameter that logs and prints while it is printed, and one that fails. */
    public static void logRecursively() {
        Logger logger = Logger.getLogger("com.acme.Outer");
        logger.log(Level.WARNING, "outer {0}", new Object() {
            @Override
            public String toString() {
                Logger.getLogger("com.acme.Inner").warning("inner");
                System.out.println("printed inside");
                return "parameter";
            }
        });
        logger.log(Level.WARNING, "failing {0}", new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("cannot print myself");
            }
        });
        logger.warning("after failing");
    }

    /** Ends a thread with an exception none of whose methods returns, then logs one. */
    public static void failBrokenly() throws InterruptedException {
        Thread worker = new Thread(
                () -> {
                    throw new Broken();
                },
                "worker-7");
        worker.start();
        worker.join();
        Logger.getLogger("com.acme.Broken").log(Level.WARNING, "broken", new Broken());
    }

    private static final class Broken extends RuntimeException {
        @Override
        public String getMessage() {
            throw new StackOverflowError();
        }

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException();
        }
    }

    /** Makes the collector log. */
    public static void collect() {
        System.gc();
    }

    /** Returns its argument. */
    public static String echo(String text) {
        return text;
    }

    /** Says a word on descriptor 2 and is gone. */
    public static void dieTalking() throws Exception {
        run("echo dying >&2");
        Runtime.getRuntime().halt(3);
    }
}
