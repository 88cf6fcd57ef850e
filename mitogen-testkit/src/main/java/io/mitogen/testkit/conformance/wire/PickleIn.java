// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.wire;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads pickles into plain values: whole numbers become {@link BigInteger}, floats {@link Double}, text {@link String}, bytes {@link Bytes}, lists
 * and dicts {@link List} and {@link Map}, everything else {@link Tuple}, {@link Global} and {@link Made}. Nothing that a pickle names is ever looked
 * for. One thread at a time.
 *
 * <p>It is as tolerant as Python: PROTO may stand anywhere, numbers in the memo may begin anywhere, what lies below the result does not matter.
 */
public final class PickleIn {
    private static final int KEY_DEPTH = 4;
    private static final int KEY_ITEMS = 20;

    private final byte[] bytes;
    private final Map<Integer, Object> memo = new HashMap<>();
    private final Deque<List<Object>> waiting = new ArrayDeque<>();
    private List<Object> stack = new ArrayList<>();
    private final Set<Integer> used = new TreeSet<>();
    private int at;

    private PickleIn(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Returns the first value in {@code pickle}. */
    public static Object read(byte[] pickle) {
        return new PickleIn(pickle).first();
    }

    /** Returns all values of a message that has one pickle after the other, with one memo for all. */
    public static List<Object> readAll(byte[] pickles) {
        PickleIn in = new PickleIn(pickles);
        List<Object> values = new ArrayList<>();
        while (in.at < pickles.length) {
            values.add(in.first());
        }
        return values;
    }

    private Object first() {
        try {
            return next();
        } catch (PickleError e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            throw new PickleError("opcodes that do not fit to what is before them: " + e);
        }
    }

    /** Returns the opcodes of the first value in {@code pickle}. */
    public static Set<Integer> opcodes(byte[] pickle) {
        PickleIn in = new PickleIn(pickle);
        in.first();
        return in.used;
    }

    private Object next() {
        stack.clear();
        while (true) {
            int opcode = u1();
            used.add(opcode);
            if (opcode == '.') {
                return pop();
            }
            if (!number(opcode) && !text(opcode) && !container(opcode) && !memo(opcode) && !object(opcode)) {
                throw new PickleError("opcode " + Integer.toHexString(opcode) + " at byte " + (at - 1));
            }
        }
    }

    private boolean number(int opcode) {
        switch (opcode) {
            case 'N' -> push(null);
            case 0x88, 0x89 -> push(opcode == 0x88);
            case 'K' -> push(BigInteger.valueOf(u1()));
            case 'M' -> push(BigInteger.valueOf(u1() | u1() << 8));
            case 'J' -> push(BigInteger.valueOf(i4()));
            case 0x8a -> push(big(u1()));
            case 0x8b -> push(big(i4()));
            case 'G' -> push(Double.longBitsToDouble(new BigInteger(1, take(8)).longValue()));
            case 'F' -> push(Double.valueOf(line()));
            case 'I' -> {
                String digits = line();
                push(
                        digits.equals("00") || digits.equals("01")
                                ? (Object) digits.equals("01")
                                : new BigInteger(digits));
            }
            case 'L' -> push(new BigInteger(line().replaceFirst("L$", "")));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean text(int opcode) {
        switch (opcode) {
            case 'X' -> push(Text.decode(take(i4())));
            case 0x8c -> push(Text.decode(take(u1())));
            case 'V' -> push(unescaped(line()));
            case 'U', 'C' -> push(new Bytes(take(u1())));
            case 'T', 'B' -> push(new Bytes(take(i4())));
            case 'S' -> {
                String quoted = line();
                push(new Bytes(quoted.substring(1, quoted.length() - 1).getBytes(StandardCharsets.ISO_8859_1)));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("unchecked") // what lists and dicts have been made of here
    private boolean container(int opcode) {
        switch (opcode) {
            case '(' -> {
                waiting.push(stack);
                stack = new ArrayList<>();
            }
            case ')' -> push(Tuple.of());
            case 0x85, 0x86, 0x87 -> push(tuple(popped(opcode - 0x84)));
            case 't' -> push(tuple(sinceMark()));
            case ']' -> push(new ArrayList<>());
            case 'l' -> push(sinceMark());
            case 'a' -> {
                Object item = pop();
                ((List<Object>) top()).add(item);
            }
            case 'e' -> {
                List<Object> items = sinceMark();
                ((List<Object>) top()).addAll(items);
            }
            case '}' -> push(new LinkedHashMap<>());
            case 'd' -> {
                List<Object> pairs = sinceMark();
                push(new LinkedHashMap<>());
                putAll(pairs);
            }
            case 's' -> putAll(popped(2));
            case 'u' -> putAll(sinceMark());
            case '0' -> {
                if (stack.isEmpty()) {
                    stack = waiting.pop();
                } else {
                    pop();
                }
            }
            case '1' -> sinceMark();
            case '2' -> push(top());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean memo(int opcode) {
        switch (opcode) {
            case 0x80 -> {
                int protocol = u1();
                if (protocol > 5) {
                    throw new PickleError("protocol " + protocol);
                }
            }
            case 0x95 -> take(8);
            case 'q' -> memo.put(u1(), top());
            case 'r' -> memo.put(i4(), top());
            case 'p' -> memo.put(Integer.valueOf(line()), top());
            case 0x94 -> memo.put(memo.size(), top());
            case 'h' -> push(remembered(u1()));
            case 'j' -> push(remembered(i4()));
            case 'g' -> push(remembered(Integer.parseInt(line())));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean object(int opcode) {
        switch (opcode) {
            case 'c' -> push(new Global(line(), line()));
            case 0x93 -> {
                List<Object> names = popped(2);
                push(new Global((String) names.get(0), (String) names.get(1)));
            }
            case 'R', 0x81 -> {
                List<Object> both = popped(2);
                push(made((Global) both.get(0), (Tuple) both.get(1)));
            }
            case 'o' -> {
                List<Object> all = sinceMark();
                push(made((Global) all.get(0), tuple(all.subList(1, all.size()))));
            }
            case 'i' -> push(made(new Global(line(), line()), tuple(sinceMark())));
            case 'b' -> {
                pop(); // state of something that the kit does not make
                if (!(top() instanceof Made)) {
                    throw new PickleError("BUILD of what was not made");
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Returns bytes for what Python 3 writes in place of them. */
    private static Object made(Global global, Tuple arguments) {
        if (global.equals(new Global("_codecs", "encode"))) {
            String latin = (String) arguments.get(0);
            if (arguments.size() != 2 || latin.chars().anyMatch(c -> c > 0xff)) {
                throw new PickleError("bytes that are none: " + Repr.brief(arguments));
            }
            return new Bytes(latin.getBytes(StandardCharsets.ISO_8859_1));
        }
        if (global.equals(new Global("__builtin__", "bytes")) && arguments.size() == 0) {
            return new Bytes(new byte[0]);
        }
        if (global.equals(Global.KWARGS) && arguments.size() == 1 && arguments.get(0) instanceof Map) {
            return new Made(global, Tuple.of(textKeys((Map<?, ?>) arguments.get(0))));
        }
        Global by = global.equals(new Global(Global.CORE, "CallError")) ? Global.CALL_ERROR : global;
        return new Made(by, arguments);
    }

    /** Returns the same with the names as text, which Python 2 writes as bytes. */
    private static Map<Object, Object> textKeys(Map<?, ?> named) {
        Map<Object, Object> copy = new LinkedHashMap<>();
        named.forEach((key, value) -> copy.put(
                key instanceof Bytes ? new String(((Bytes) key).array(), StandardCharsets.UTF_8) : key, value));
        return copy;
    }

    private Object remembered(int index) {
        if (!memo.containsKey(index)) {
            throw new PickleError("the memo has nothing at " + index);
        }
        return memo.get(index);
    }

    @SuppressWarnings("unchecked")
    private void putAll(List<Object> pairs) {
        Map<Object, Object> map = (Map<Object, Object>) top();
        for (int i = 0; i < pairs.size(); i += 2) {
            if (!isKey(pairs.get(i), 0)) {
                throw new PickleError("a key that cannot be one: " + Repr.brief(pairs.get(i)));
            }
            map.put(pairs.get(i), pairs.get(i + 1));
        }
    }

    /** Tells whether a value may be a key, and is small enough for it: nothing here takes longer than its bytes did. */
    private static boolean isKey(Object value, int depth) {
        if (value instanceof Tuple) {
            List<Object> items = ((Tuple) value).items();
            return depth < KEY_DEPTH
                    && items.stream().limit(KEY_ITEMS + 1L).allMatch(each -> isKey(each, depth + 1))
                    && items.size() <= KEY_ITEMS;
        }
        return !(value instanceof List) && !(value instanceof Map) && !(value instanceof Made);
    }

    private static Tuple tuple(List<Object> items) {
        return new Tuple(Collections.unmodifiableList(new ArrayList<>(items)));
    }

    private void push(Object value) {
        stack.add(value);
    }

    private Object pop() {
        return stack.remove(stack.size() - 1);
    }

    private Object top() {
        return stack.get(stack.size() - 1);
    }

    private List<Object> popped(int count) {
        List<Object> tail = stack.subList(stack.size() - count, stack.size());
        List<Object> copy = new ArrayList<>(tail);
        tail.clear();
        return copy;
    }

    private List<Object> sinceMark() {
        List<Object> items = stack;
        stack = waiting.pop();
        return items;
    }

    private BigInteger big(int length) {
        byte[] little = take(length);
        byte[] big = new byte[length + 1];
        big[0] = (byte) (length > 0 && little[length - 1] < 0 ? -1 : 0);
        for (int i = 0; i < length; i++) {
            big[length - i] = little[i];
        }
        return new BigInteger(big);
    }

    private byte[] take(int length) {
        if (length < 0 || length > bytes.length - at) {
            throw new PickleError(length + " bytes at byte " + at + ", where " + (bytes.length - at) + " are left");
        }
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    private int u1() {
        return take(1)[0] & 0xff;
    }

    private int i4() {
        return u1() | u1() << 8 | u1() << 16 | u1() << 24;
    }

    private String line() {
        int start = at;
        while (u1() != '\n') {
            continue;
        }
        return new String(bytes, start, at - start - 1, StandardCharsets.UTF_8);
    }

    private static String unescaped(String raw) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < raw.length(); i++) {
            if (raw.startsWith("\\u", i)) {
                text.append((char) Integer.parseInt(raw.substring(i + 2, i + 6), 16));
                i += 5;
            } else {
                text.append(raw.charAt(i));
            }
        }
        return text.toString();
    }
}
