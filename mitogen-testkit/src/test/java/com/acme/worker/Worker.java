// SPDX-License-Identifier: BSD-3-Clause
package com.acme.worker;

import io.mitogen.connect.Local;
import io.mitogen.core.call.ChildContext;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.Receiver;
import io.mitogen.core.call.Sender;
import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Logger;

/** What programs written in Python have a JVM do. */
public final class Worker {
    private static final Map<String, Receiver> MAILBOXES = new HashMap<>();
    private static int counter;

    private Worker() {}

    public static Object echo(Object value) {
        return value;
    }

    public static String typeOf(Object value) {
        return value == null ? "null" : value.getClass().getName();
    }

    public static String scale(int value, double factor) {
        return "ID " + value * factor;
    }

    public static String scale(long value, double factor) {
        return "JD " + value * factor;
    }

    public static String join(List<String> words, Map<String, Integer> counts) {
        return words + " " + counts;
    }

    public static int count() {
        return ++counter;
    }

    public static long pid() {
        return ProcessHandle.current().pid();
    }

    public static void fail(String message) {
        try {
            dig(message);
        } catch (IOException e) {
            throw new IllegalStateException("failed for " + message, e);
        }
    }

    private static void dig(String message) throws IOException {
        throw new IOException(message);
    }

    public static byte[] large(int bytes) {
        return new byte[bytes];
    }

    /** Prints in every way there is, and logs. */
    public static int print(String word) throws Exception {
        System.out.println("out " + word);
        System.err.println("err " + word);
        Logger.getLogger("com.acme").warning("log " + word);
        return shell("cat; echo sub " + word);
    }

    /** Runs a command with this process's standard streams. */
    public static int shell(String command) throws Exception {
        return new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor();
    }

    /** Returns with the thread interrupted. */
    public static byte[] interrupted(int bytes) {
        Thread.currentThread().interrupt();
        return new byte[bytes];
    }

    public static void hang() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    /** Returns how many of these resources there are, each looked for twice. */
    public static int findResources(List<String> names) throws IOException {
        int found = 0;
        for (int i = 0; i < 2; i++) {
            for (String name : names) {
                URL url = Thread.currentThread().getContextClassLoader().getResource(name);
                found += url == null ? 0 : 1;
            }
        }
        return found;
    }

    public static String compilerClass() throws ClassNotFoundException {
        return Class.forName("com.sun.source.tree.Tree").getModule().getName();
    }

    public static Context self(ChildContext child) {
        return child.self();
    }

    /** Starts a JVM below this one. */
    public static Context startChild(ChildContext child, String name) {
        return child.connect(Local.create().name(name));
    }

    /** Starts a Python interpreter below this one. */
    public static Context startPython(ChildContext child) {
        return child.connect(Local.create().python());
    }

    /** Has a context below call a method. */
    public static Object callChild(Context context, String function) {
        return context.call(Worker.class.getName(), function);
    }

    public static String callLambda(Context context, String word) {
        return context.call(() -> word + " from " + ProcessHandle.current().pid());
    }

    public static Sender openMailbox(ChildContext child, String name) {
        Receiver receiver = child.receiver();
        MAILBOXES.put(name, receiver);
        return receiver.toSender();
    }

    public static List<Object> takeMail(String name, int count) throws InterruptedException {
        List<Object> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(MAILBOXES.get(name).get());
        }
        return taken;
    }

    public static void post(Sender sender, Object value) {
        sender.send(value);
    }
}
