// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.call;

import io.mitogen.connect.Local;
import io.mitogen.core.call.ChildContext;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.Receiver;
import io.mitogen.core.call.Sender;
import io.mitogen.core.pickle.Blob;
import io.mitogen.core.pickle.Bytearray;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.Secret;
import io.mitogen.core.pickle.Tuple;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** What the tests of calls run in contexts. */
public final class Functions {
    private static int noted;

    private Functions() {}

    public static String over(int a) {
        return "int";
    }

    public static String over(long a) {
        return "long";
    }

    public static String over(String a) {
        return "String";
    }

    public static String over(List<String> a) {
        return "List";
    }

    public static int sum(int... numbers) {
        int total = 0;
        for (int number : numbers) {
            total += number;
        }
        return total;
    }

    public static String primitives(boolean a, byte b, short c, char d, float e) {
        return a + " " + b + " " + c + " " + d + " " + e;
    }

    public static double mean(long a, double b) {
        return (a + b) / 2;
    }

    public static Map<String, List<Long>> byLength(List<String> words) {
        Map<String, List<Long>> lengths = new TreeMap<>();
        for (String word : words) {
            lengths.computeIfAbsent(word.substring(0, 1), key -> new ArrayList<>())
                    .add((long) word.length());
        }
        return new LinkedHashMap<>(lengths);
    }

    public static void note(int a) {
        noted += a;
    }

    public static int noted() {
        return noted;
    }

    public static Object echo(Object value) {
        return value;
    }

    public static Secret secret(Secret value) {
        return Secret.of(value.reveal() + "!");
    }

    public static Blob blob(Blob value) {
        return Blob.of(value.bytes());
    }

    public static Bytearray bytearray(Bytearray value) {
        value.bytes()[0]++;
        return value;
    }

    public static Tuple tuple(Tuple value) {
        return Tuple.of(value.get(1), value.get(0));
    }

    public static Kwargs kwargs(Kwargs value) {
        return Kwargs.copyOf(Map.of("given", value.size()));
    }

    public static BigInteger twice(BigInteger value) {
        return value.shiftLeft(1);
    }

    public static String whoAmI(ChildContext child) {
        return child.self().id() + " " + child.self().name() + " below "
                + child.parent().id();
    }

    public static Context self(ChildContext child) {
        return child.self();
    }

    public static int fail(String message) {
        throw new IllegalStateException(message, new NumberFormatException("the cause"));
    }

    public static String describeAll(List<?> nested) {
        return nested.toString();
    }

    /** Starts two contexts, calls both, and the second one through a context of its own. */
    public static List<String> recurse(ChildContext child, int depth) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < (depth == 0 ? 0 : 2); i++) {
            Context below = child.connect(Local.create().name("d" + depth + "-" + i));
            names.add(below.name());
            names.addAll(below.call(Functions::recurse, i == 0 ? 0 : depth - 1));
        }
        return names;
    }

    /** Tells where to send a word, and returns when one came. */
    public static Object hold(ChildContext child, Sender waiting) throws InterruptedException {
        try (Receiver receiver = child.receiver()) {
            waiting.send(receiver.toSender());
            return receiver.get();
        }
    }

    /** Says so when it is about to wait for a word of {@code other}, to which it never sends anything. */
    public static Object await(Context other, Sender waiting) throws InterruptedException {
        try (Receiver receiver = other.receiver()) {
            waiting.send("waiting");
            return receiver.get();
        }
    }

    public static void stream(Sender to, int count) {
        for (int i = 0; i < count; i++) {
            to.send(i);
        }
        to.close();
    }

    public static void send(Sender to, Object value) {
        to.send(value);
    }

    /** Tells whether callbacks find this class as the function that caused them does, whoever started their thread. */
    public static boolean isFoundByCallbacks(ChildContext child) throws Exception {
        Thread.currentThread().setContextClassLoader(null);
        CompletableFuture<ClassLoader> seen = new CompletableFuture<>();
        child.contexts()
                .newLane()
                .execute(() -> seen.complete(Thread.currentThread().getContextClassLoader()));
        return seen.get() == Functions.class.getClassLoader();
    }

    public static int callOther(Context other) {
        return other.call(Functions::sum0);
    }

    public static int sum0() {
        return 0;
    }

    /** Lets one child of this context send to another. Returns what arrives there within the time that a call needs. */
    public static String letChildrenTalk(ChildContext child) {
        Context one = child.connect(Local.create());
        Context other = child.connect(Local.create());
        try {
            return String.valueOf(one.call(Functions::callOther, other));
        } catch (RuntimeException e) {
            return e.getMessage();
        }
    }
}
