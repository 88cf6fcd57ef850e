// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import io.mitogen.core.MitogenException.Blame;
import io.mitogen.core.Nullable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Reads pickles of protocols 0 to 5, as Python Mitogen sends and accepts them; the types are in the package's
 * documentation. A message is read whole, so this takes an array. Whatever the bytes are, the outcome is a value or a
 * {@link PickleException} with the peer to blame. Any thread may call the static methods.
 *
 * <p>Stricter than Python on purpose: no sets, no persistent ids, no extension codes, no out-of-band buffers, no
 * BUILD (it would set attributes), no global as a value, text numbers only in decimal, {@code bytes} made from nothing
 * but bytes, dict keys of limited size ({@code Keys}) and a limit to how much work short input can cause. More lenient:
 * {@code bytearray} is accepted if the {@link Globals} say so, and NEWOBJ, OBJ and INST do what REDUCE does.
 */
public final class PickleReader {
    /*
     * Nothing here recurses: nesting lives in the stack of the machine, so depth costs memory in proportion to the input
     * and never the thread's stack. Two things could still make short input expensive: a large value that is memoised
     * once and then copied by a factory, or compared as the key of a dict, again and again. Both are paid from a budget
     * that honest input, which mentions most values once, does not come near. So are keys of equal hashes that a map can
     * only look for one by one, since they have no order, or not the same: keys are counted by their hashes, and those of
     * another order than the next one cost as much as there are beyond chance.
     */
    private static final int HIGHEST_PROTOCOL = 5;
    private static final int BUDGET_PER_BYTE = 16;
    private static final int BUDGET_TO_START = 4096;
    private static final int COST_OF_ENTRY = 32;
    private static final int FREE_KEY_BYTES = 64;
    private static final int FREE_ALIKE = 64;
    private static final int BYTES_PER_COUNT = 8;
    private static final int MIN_COUNTS = 1 << 8;
    private static final int MAX_COUNTS = 1 << 16;

    private final PickleInput in;
    private final Globals globals;
    private final ValueStack stack = new ValueStack();
    private final Memo memo = new Memo();
    private final int counts; // a power of two
    private @Nullable int[] alike; // keys by their hashes, and by these and their classes; null before a large dict
    private long counted; // such keys
    private long budget;

    private PickleReader(PickleInput in, int length, Globals globals) {
        this.in = in;
        this.globals = globals;
        this.counts = Integer.highestOneBit(Math.min(length / BYTES_PER_COUNT, MAX_COUNTS) | MIN_COUNTS);
        this.budget = (long) BUDGET_PER_BYTE * length + BUDGET_TO_START;
    }

    /**
     * Returns the value of the first pickle in {@code data}; what follows it is not looked at.
     *
     * @throws PickleException if the bytes are no pickle, or one that is not acceptable
     */
    @Nullable
    public static Object fromBytes(byte[] data, Globals globals) {
        return fromBytes(data, 0, data.length, globals);
    }

    /** As {@link #fromBytes(byte[], Globals)}, from a part of an array. */
    @Nullable
    public static Object fromBytes(byte[] data, int offset, int length, Globals globals) {
        Objects.checkFromIndexSize(offset, length, data.length);
        return new PickleReader(new PickleInput(data, offset, length), length, globals).read(offset, length);
    }

    /**
     * As {@link #fromBytes(byte[], Globals)}, from parts, one after another. A part that is a byte string of the pickle, whole,
     * becomes a value itself, so it must not be used for anything else.
     */
    @Nullable
    public static Object fromParts(byte[][] parts, Globals globals) {
        int length = PickleWriter.length(parts);
        return new PickleReader(new PickleInput(parts), length, globals).read(0, length);
    }

    /**
     * Returns the values of all pickles in {@code data}, which may refer to each other's parts. No bytes are no values.
     *
     * @throws PickleException if any of them is not acceptable, or something else follows the last
     */
    public static List<Object> readAll(byte[] data, Globals globals) {
        PickleReader reader = new PickleReader(new PickleInput(data, 0, data.length), data.length, globals);
        List<Object> values = new ArrayList<>();
        while (!reader.in.isEmpty()) {
            values.add(reader.read(0, data.length));
        }
        return values;
    }

    @Nullable
    private Object read(int offset, int length) {
        try {
            return run();
        } catch (PickleException e) {
            String where = "at byte " + (in.position() - offset) + " of a pickle of " + length + ": ";
            throw new PickleException(Blame.PEER, where + e.getMessage(), e.getCause());
        }
    }

    @Nullable
    private Object run() {
        stack.clear();
        while (true) {
            int opcode = in.u8();
            if (opcode == Opcode.STOP) {
                return ValueStack.checkValue(stack.pop());
            }
            if (!runScalar(opcode) && !runContainer(opcode) && !runObject(opcode) && !runRare(opcode)) {
                throw PickleException.peer("opcode 0x" + Integer.toHexString(opcode) + " is not accepted");
            }
        }
    }

    private boolean runScalar(int opcode) {
        switch (opcode) {
            case Opcode.BINUNICODE:
                stack.push(in.text(in.u32()));
                return true;
            case Opcode.BINPUT:
                memo.put(in.u8(), stack.top());
                return true;
            case Opcode.BINGET:
                stack.push(memo.get(in.u8()));
                return true;
            case Opcode.LONG_BINPUT:
                memo.put(in.u32(), stack.top());
                return true;
            case Opcode.LONG_BINGET:
                stack.push(memo.get(in.u32()));
                return true;
            case Opcode.NONE:
                stack.push(null);
                return true;
            case Opcode.NEWTRUE:
                stack.push(Boolean.TRUE);
                return true;
            case Opcode.NEWFALSE:
                stack.push(Boolean.FALSE);
                return true;
            case Opcode.BININT1:
                stack.push(in.u8());
                return true;
            case Opcode.BININT2:
                stack.push(in.u16());
                return true;
            case Opcode.BININT:
                stack.push(in.i32());
                return true;
            case Opcode.LONG1:
                stack.push(in.number(in.u8()));
                return true;
            case Opcode.BINFLOAT:
                stack.push(in.f64());
                return true;
            case Opcode.SHORT_BINSTRING:
            case Opcode.SHORT_BINBYTES:
                stack.push(in.bytes(in.u8()));
                return true;
            case Opcode.BINSTRING:
                stack.push(in.bytes(in.i32()));
                return true;
            default:
                return false;
        }
    }

    private boolean runContainer(int opcode) {
        switch (opcode) {
            case Opcode.MARK:
                stack.mark();
                return true;
            case Opcode.EMPTY_TUPLE:
                stack.push(Tuple.of());
                return true;
            case Opcode.TUPLE1:
            case Opcode.TUPLE2:
            case Opcode.TUPLE3:
                stack.push(Tuple.take(stack.popAll(opcode - Opcode.TUPLE1 + 1)));
                return true;
            case Opcode.TUPLE:
                stack.push(Tuple.take(stack.popToMark()));
                return true;
            case Opcode.EMPTY_LIST:
                stack.push(new ArrayList<>(0));
                return true;
            case Opcode.LIST:
                Object[] items = stack.popToMark();
                stack.push(new ArrayList<>(0));
                append(items);
                return true;
            case Opcode.APPEND:
                append(stack.popAll(1));
                return true;
            case Opcode.APPENDS:
                append(stack.popToMark());
                return true;
            case Opcode.EMPTY_DICT:
                stack.push(new LinkedHashMap<>());
                return true;
            case Opcode.DICT:
                Object[] pairs = stack.popToMark();
                stack.push(new LinkedHashMap<>());
                setItems(pairs);
                return true;
            case Opcode.SETITEM:
                setItems(stack.popAll(2));
                return true;
            case Opcode.SETITEMS:
                setItems(stack.popToMark());
                return true;
            default:
                return false;
        }
    }

    private boolean runObject(int opcode) {
        switch (opcode) {
            case Opcode.PROTO:
                int protocol = in.u8();
                if (protocol > HIGHEST_PROTOCOL) {
                    throw PickleException.peer("pickle protocol " + protocol + " is not known");
                }
                return true;
            case Opcode.GLOBAL:
                stack.push(globals.find(in.name(), in.name()));
                return true;
            case Opcode.REDUCE:
            case Opcode.NEWOBJ:
                @Nullable Object arguments = stack.pop();
                stack.push(make(stack.pop(), arguments));
                return true;
            case Opcode.INST:
                Globals.Entry named = globals.find(in.name(), in.name());
                stack.push(make(named, Tuple.take(stack.popToMark())));
                return true;
            case Opcode.OBJ:
                stack.push(makeFromMark());
                return true;
            case Opcode.STACK_GLOBAL:
                @Nullable Object name = stack.pop();
                @Nullable Object module = stack.pop();
                if (!(module instanceof String) || !(name instanceof String)) {
                    throw PickleException.peer("the name of a global is no text");
                }
                stack.push(globals.find((String) module, (String) name));
                return true;
            default:
                return false;
        }
    }

    private boolean runRare(int opcode) {
        switch (opcode) {
            case Opcode.LONG4:
                stack.push(in.number(in.i32()));
                return true;
            case Opcode.POP:
                stack.popMarkOrValue();
                return true;
            case Opcode.POP_MARK:
                stack.dropToMark();
                return true;
            case Opcode.DUP:
                stack.push(stack.top());
                return true;
            case Opcode.FRAME:
                in.frame();
                return true;
            case Opcode.MEMOIZE:
                memo.append(stack.top());
                return true;
            case Opcode.SHORT_BINUNICODE:
                stack.push(in.text(in.u8()));
                return true;
            case Opcode.BINUNICODE8:
                stack.push(in.text(in.i64()));
                return true;
            case Opcode.BINBYTES:
                stack.push(in.bytes(in.u32()));
                return true;
            case Opcode.BINBYTES8:
                stack.push(in.bytes(in.i64()));
                return true;
            case Opcode.BYTEARRAY8:
                stack.push(Bytearray.wrap(in.bytes(in.i64())));
                return true;
            default:
                return runText(opcode);
        }
    }

    private boolean runText(int opcode) {
        switch (opcode) {
            case Opcode.INT:
                stack.push(TextValues.integer(in.line()));
                return true;
            case Opcode.LONG:
                stack.push(TextValues.longInteger(in.line()));
                return true;
            case Opcode.FLOAT:
                stack.push(TextValues.real(in.line()));
                return true;
            case Opcode.STRING:
                stack.push(TextValues.bytes(in.line()));
                return true;
            case Opcode.UNICODE:
                stack.push(TextValues.unicode(in.line()));
                return true;
            case Opcode.PUT:
                memo.put(TextValues.memoIndex(in.line()), stack.top());
                return true;
            case Opcode.GET:
                stack.push(memo.get(TextValues.memoIndex(in.line())));
                return true;
            default:
                return false;
        }
    }

    private void append(Object[] items) {
        @Nullable Object target = stack.top();
        if (!(target instanceof ArrayList)) {
            throw PickleException.peer("items are added to what is no list");
        }
        @SuppressWarnings("unchecked") // lists hold anything here
        ArrayList<Object> list = (ArrayList<Object>) target;
        list.ensureCapacity(list.size() + items.length);
        for (Object item : items) {
            list.add(item);
        }
    }

    private void setItems(Object[] pairs) {
        @Nullable Object target = stack.top();
        if (!(target instanceof LinkedHashMap)) {
            throw PickleException.peer("items are set in what is no dict");
        }
        if (pairs.length % 2 != 0) {
            throw PickleException.peer("a key of a dict has no value");
        }
        @SuppressWarnings("unchecked") // dicts hold anything here
        Map<Object, Object> dict = (Map<Object, Object>) target;
        for (int i = 0; i < pairs.length; i += 2) {
            @Nullable Object key = key(pairs[i]);
            if (dict.size() > FREE_ALIKE && key != null) {
                count(dict, key);
            }
            dict.put(key, pairs[i + 1]);
        }
    }

    private void count(Map<Object, Object> dict, Object key) {
        if (alike == null) {
            alike = new int[counts];
        }
        int hash = key.hashCode() ^ System.identityHashCode(dict);
        int others = ++alike[place(hash)];
        if (key instanceof Comparable) {
            others -= ++alike[place(hash + key.getClass().hashCode())]; // among which it has its place
        }
        spend(Math.max(0, others - FREE_ALIKE - 4 * ++counted / counts));
    }

    private int place(int hash) {
        return hash * 0x9e3779b9 >>> 1 + Integer.numberOfLeadingZeros(counts);
    }

    @Nullable
    private Object key(@Nullable Object key) {
        if (key instanceof String && ((String) key).length() <= FREE_KEY_BYTES) {
            return key;
        }
        if (key instanceof byte[]) {
            spend(((byte[]) key).length / FREE_KEY_BYTES * FREE_KEY_BYTES);
            return Bytes.of((byte[]) key);
        }
        @Nullable String refusal = Keys.refusal(key);
        if (refusal != null) {
            throw PickleException.peer(Objects.requireNonNull(key).getClass().getSimpleName() + " " + refusal);
        }
        spend(Keys.weight(key));
        return key;
    }

    private Object makeFromMark() {
        Object[] all = stack.popToMarkUnchecked();
        if (all.length == 0) {
            throw PickleException.peer("an object has no class");
        }
        Object[] arguments = new Object[all.length - 1];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = ValueStack.checkValue(all[i + 1]);
        }
        return make(all[0], Tuple.take(arguments));
    }

    private Object make(@Nullable Object callable, @Nullable Object arguments) {
        if (!(callable instanceof Globals.Entry) || !(arguments instanceof Tuple)) {
            throw PickleException.peer("a call needs a global and a tuple");
        }
        for (Object argument : (Tuple) arguments) {
            spend(costOfCopy(argument));
        }
        return ((Globals.Entry) callable).make((Tuple) arguments);
    }

    private static long costOfCopy(@Nullable Object argument) {
        if (argument instanceof String) {
            return ((String) argument).length();
        }
        if (argument instanceof byte[]) {
            return ((byte[]) argument).length;
        }
        if (argument instanceof List) {
            return ((List<?>) argument).size();
        }
        long cost = 1;
        if (argument instanceof Map) {
            for (Object key : ((Map<?, ?>) argument).keySet()) { // bytes become text
                cost += COST_OF_ENTRY + FREE_KEY_BYTES * (Keys.weight(key) - 1L);
            }
        }
        return cost;
    }

    private void spend(long cost) {
        budget -= cost;
        if (budget < 0) {
            throw PickleException.peer(
                    "the same large value is used too often in calls or as a key, or too many keys have the same hash");
        }
    }
}
