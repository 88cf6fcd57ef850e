// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.testing;

import io.mitogen.core.pickle.Bytearray;
import io.mitogen.core.pickle.Bytes;
import io.mitogen.core.pickle.Tuple;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values that mean the same in Python and in Java, and are easily got wrong: the expression that makes each in Python 3, and what
 * Java has for it. Any thread, while nobody changes them.
 */
public final class PythonValues {
    /** How deep the deepest values are nested: as deep as Python's own {@code repr} can print. */
    private static final int DEPTH = 150;

    /**
     * One value.
     *
     * @param expression Python source, with builtins alone
     * @param value null for None
     */
    public record Pair(String expression, Object value) {
        @Override
        public String toString() {
            return expression.length() > 60 ? expression.substring(0, 60) + "..." : expression;
        }
    }

    private PythonValues() {}

    private static Pair pair(String expression, Object value) {
        return new Pair(expression, value);
    }

    /** Returns values that are the same after a way from either side to the other, type included. */
    public static List<Pair> bothWays() {
        List<Pair> pairs = new ArrayList<>(List.of(pair("None", null), pair("True", true), pair("False", false)));
        addNumbers(pairs);
        addTexts(pairs);
        addBytes(pairs);
        addContainers(pairs);
        addShared(pairs);
        return pairs;
    }

    private static void addNumbers(List<Pair> pairs) {
        for (int number : new int[] {0, 1, -1, 255, 256, -256, 65_535, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            pairs.add(pair(Integer.toString(number), number));
        }
        long beyond = 1L << 31;
        for (long number : new long[] {beyond, -beyond - 1, 1L << 53, Long.MAX_VALUE, Long.MIN_VALUE}) {
            pairs.add(pair(Long.toString(number), number));
        }
        BigInteger two = BigInteger.TWO;
        pairs.add(pair("2**63", two.pow(63)));
        pairs.add(pair("-2**63 - 1", two.pow(63).negate().subtract(BigInteger.ONE)));
        for (int bits : new int[] {64, 2031, 2032, 2039, 2040, 2048, 10_000}) {
            pairs.add(pair("2**" + bits, two.pow(bits)));
            pairs.add(pair("-2**" + bits, two.pow(bits).negate()));
            pairs.add(pair("2**" + bits + " - 1", two.pow(bits).subtract(BigInteger.ONE)));
        }
        pairs.add(pair("0.0", 0.0));
        pairs.add(pair("-0.0", -0.0));
        pairs.add(pair("0.1", 0.1));
        pairs.add(pair("5e-324", Double.MIN_VALUE));
        pairs.add(pair("1.7976931348623157e308", Double.MAX_VALUE));
        pairs.add(pair("float('nan')", Double.NaN));
        pairs.add(pair("float('inf')", Double.POSITIVE_INFINITY));
        pairs.add(pair("float('-inf')", Double.NEGATIVE_INFINITY));
    }

    private static void addTexts(List<Pair> pairs) {
        pairs.add(pair("''", ""));
        pairs.add(pair("'plain'", "plain"));
        pairs.add(pair("'\\x00\\n\\r\\x7f\\x80\\xff'", "\0\n\r\u007f\u0080\u00ff"));
        pairs.add(pair("'\\u20ac\\u2028\\ufeff\\uffff'", "\u20ac\u2028\ufeff\uffff"));
        pairs.add(pair("'\\U0001f600\\U0010ffff'", "\ud83d\ude00\udbff\udfff"));
        pairs.add(pair("'\\ud800'", "\ud800"));
        pairs.add(pair("'\\udc80x'", "\udc80x"));
        pairs.add(pair("'\\ude00\\ud83d'", "\ude00\ud83d"));
        pairs.add(pair("'x' * 70000", "x".repeat(70_000)));
        pairs.add(pair("'\\U0001f600' * 70000", "\ud83d\ude00".repeat(70_000)));
    }

    private static void addBytes(List<Pair> pairs) {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        byte[] many = new byte[70_000];
        Arrays.fill(many, (byte) 0xff);
        pairs.add(pair("b''", new byte[0]));
        pairs.add(pair("b'\\x00'", new byte[1]));
        pairs.add(pair("bytes(range(256))", all));
        pairs.add(pair("b'\\xff' * 70000", many));
        pairs.add(pair("[bytes(range(256)), b'']", Arrays.asList(all, new byte[0])));
    }

    private static void addContainers(List<Pair> pairs) {
        pairs.add(pair("[]", List.of()));
        pairs.add(pair("[None]", Collections.singletonList(null)));
        pairs.add(pair("[1, [2, [3, []]], {}]", List.of(1, List.of(2, List.of(3, List.of())), Map.of())));
        for (int size = 0; size < 6; size++) {
            List<Object> items = numbers(size);
            pairs.add(pair("tuple(range(" + size + "))", Tuple.copyOf(items)));
        }
        pairs.add(pair("((), [()], ((1,),))", Tuple.of(Tuple.of(), List.of(Tuple.of()), Tuple.of(Tuple.of(1)))));
        for (int size : new int[] {999, 1000, 1001, 2001}) {
            pairs.add(pair("list(range(" + size + "))", numbers(size)));
            Map<Object, Object> map = new LinkedHashMap<>();
            numbers(size).forEach(number -> map.put(number, null));
            pairs.add(pair("dict.fromkeys(range(" + size + "))", map));
        }
        pairs.add(pair("{}", Map.of()));
        pairs.add(pair("{None: 1}", Collections.singletonMap(null, 1)));
        pairs.add(pair("{'z': 1, 'a': 2, '\\U0001f600': 3}", map("z", 1, "a", 2, "\ud83d\ude00", 3)));
        pairs.add(pair("{b'k': b'v', b'': None}", map(key("k"), new byte[] {'v'}, key(""), null)));
        pairs.add(pair(
                "{(1, 'a', None): (), (): 0, ((b'x',),): 1}",
                map(
                        Tuple.of(1, "a", null),
                        Tuple.of(),
                        Tuple.of(),
                        0,
                        Tuple.of(Tuple.of((Object) new byte[] {'x'})),
                        1)));
        pairs.add(pair(
                "{0: 'i', 1.5: 'f', 2**70: 'l', True: 'b'}",
                map(0, "i", 1.5, "f", BigInteger.TWO.pow(70), "l", true, "b")));
        pairs.add(pair(
                "[[1, True, 1.0], [0, False, 0.0, None]]",
                List.of(Arrays.asList(1, true, 1.0), Arrays.asList(0, false, 0.0, null))));
    }

    private static void addShared(List<Pair> pairs) {
        Object list = null;
        Object tuple = null;
        for (int i = 0; i < DEPTH; i++) {
            list = new ArrayList<>(Collections.singletonList(list));
            tuple = Tuple.of(tuple);
        }
        String nested = "__import__('functools').reduce(lambda v, _: %s, range(" + DEPTH + "), None)";
        pairs.add(pair(String.format(nested, "[v]"), list));
        pairs.add(pair(String.format(nested, "(v,)"), tuple));
        List<Object> one = new ArrayList<>(List.of(1));
        pairs.add(pair("(lambda x: [x, x, (x,)])([1])", List.of(one, one, Tuple.of(one))));
        List<Object> selfish = new ArrayList<>();
        selfish.add(selfish);
        pairs.add(pair("(lambda x: (x.append(x), x)[1])([])", selfish));
        Map<Object, Object> self = new LinkedHashMap<>();
        self.put("self", self);
        pairs.add(pair("(lambda x: (x.update(self=x), x)[1])({})", self));
    }

    /** Returns what Java may send, and what it is in Python; it comes back as another type. */
    public static List<Pair> toPython() {
        return List.of(
                pair("5", 5L),
                pair("-1", (byte) -1),
                pair("300", (short) 300),
                pair("1", BigInteger.ONE),
                pair("2**31", BigInteger.ONE.shiftLeft(31)),
                pair("1.5", 1.5f),
                pair("'c'", 'c'),
                pair("b'ab'", key("ab")),
                pair("[1, 2]", new int[] {1, 2}),
                pair("[1, -2**63]", new long[] {1, Long.MIN_VALUE}),
                pair("[True]", new boolean[] {true}),
                pair("['a', None]", new String[] {"a", null}),
                pair("[[0.5], []]", new double[][] {{0.5}, {}}),
                pair("{b'k': 1}", map(new byte[] {'k'}, 1)));
    }

    /** Returns what Python may send that no Java value is sent as, or not towards Python. */
    public static List<Pair> fromPython() {
        return List.of(
                pair("bytearray(b'a\\xff')", Bytearray.wrap(new byte[] {'a', (byte) 0xff})),
                pair("bytearray()", Bytearray.wrap(new byte[0])),
                pair("'\\ud83d\\ude00'", "\ud83d\ude00"),
                pair("-1 * 0.0", -0.0));
    }

    private static Bytes key(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static List<Object> numbers(int count) {
        List<Object> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(i);
        }
        return numbers;
    }

    private static Map<Object, Object> map(Object... entries) {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < entries.length; i += 2) {
            map.put(entries[i], entries[i + 1]);
        }
        return map;
    }
}
