// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.pickle.Kwargs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the tests of this room call. */
@SuppressWarnings("unused")
class Sample {
    static final List<Object> LOG = new ArrayList<>();

    Sample() {}

    static int add(int a, int b) {
        return a + b;
    }

    static long widen(long a, double b) {
        return a + (long) b;
    }

    static void note(String text) {
        LOG.add(text);
    }

    static String hello() {
        return "hello";
    }

    static void touch() {
        LOG.add("touch");
    }

    static String inChild(ChildContext child, String text) {
        return (child == null ? "no child " : "child ") + text;
    }

    static void voidInChild(ChildContext child, int a) {
        LOG.add(child == null ? "no child" : a);
    }

    static String childInTheMiddle(int a, ChildContext child, int b) {
        return a + (child == null ? "-" : "+") + b;
    }

    static String over(int a) {
        return "int";
    }

    static String over(long a) {
        return "long";
    }

    static String over(short a) {
        return "short";
    }

    static String over(double a) {
        return "double";
    }

    static String over(String a) {
        return "String";
    }

    static String over(Object a) {
        return "Object";
    }

    static String over(List<String> a) {
        return "List";
    }

    static String over(int[] a) {
        return "int[]";
    }

    static String over(int a, int... rest) {
        return "int, int...";
    }

    static String small(short a) {
        return "short";
    }

    static String small(String a) {
        return "String";
    }

    static String boxed(int a) {
        return "int";
    }

    static String boxed(Integer a) {
        return "Integer";
    }

    static String torn(int a, long b) {
        return "int, long";
    }

    static String torn(long a, int b) {
        return "long, int";
    }

    static String apart(String a) {
        return "String";
    }

    static String apart(List<Integer> a) {
        return "List";
    }

    static int sum(int... numbers) {
        int total = 0;
        for (int number : numbers) {
            total += number;
        }
        return total;
    }

    static String join(String separator, Object... items) {
        StringBuilder text = new StringBuilder();
        for (Object item : items) {
            text.append(separator).append(item);
        }
        return text.toString();
    }

    static List<Long> longs(List<Long> numbers) {
        List<Long> result = new ArrayList<>();
        for (Long number : numbers) {
            result.add(number + 1);
        }
        return result;
    }

    static Map<String, List<Integer>> grouped() {
        return Map.of();
    }

    static <T extends Comparable<T>> T max(List<T> items) {
        T max = items.get(0);
        for (T item : items) {
            max = item.compareTo(max) > 0 ? item : max;
        }
        return max;
    }

    static int kwargs(int a, Kwargs more) {
        return a + more.size();
    }

    static int set(Set<String> a) {
        return a.size();
    }

    static void fail() throws IOException {
        throw new IOException("disk on fire");
    }

    static void die() {
        throw new AssertionError("dead");
    }

    private static String hidden(char a) {
        return "hidden " + a;
    }

    String instance(int a) {
        return "instance";
    }
}
