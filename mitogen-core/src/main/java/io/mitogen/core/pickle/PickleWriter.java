// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import io.mitogen.core.MitogenException.Blame;
import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Seen.GlobalName;
import java.lang.reflect.Array;
import java.math.BigInteger;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes values as pickles of protocol 2, in the opcodes every Python Mitogen reads; the types are in the package's
 * documentation. What may not be sent is refused before anything is, with the path to it. Any thread may call the static
 * methods, while nobody changes the value.
 */
public final class PickleWriter {
    /*
     * Containers in work are frames in an array, not on the thread's stack, so that no depth of nesting can overflow it.
     *
     * A list or dict may contain itself: it is on the reader's stack, and can be memoised, before its first item. A tuple
     * exists only after its last item. One that is met again inside itself is therefore written again; the way back to it
     * leads through a list or dict, which by then is in the memo, so that this ends. The inner copy becomes the tuple, and
     * the outer one drops its items for it, as Python does. Each way back writes all its items once more, so their
     * number is limited. A call (REDUCE) that is met inside itself is refused: it
     * would be made from a part of its arguments.
     */
    private static final int BATCH = 1000;

    private static final Class<?> MAP_OF = Map.of().getClass();

    /** Limit on items of tuples that are met inside themselves, counted each time. */
    private static final int MAX_REPEATED = 1 << 16;

    private static final GlobalName BLOB = new GlobalName(StandardFactory.MITOGEN, StandardFactory.BLOB);
    private static final GlobalName SECRET = new GlobalName(StandardFactory.MITOGEN, StandardFactory.SECRET);
    private static final GlobalName KWARGS = new GlobalName(StandardFactory.MITOGEN, StandardFactory.KWARGS);
    private static final GlobalName BYTEARRAY = new GlobalName(StandardFactory.BUILTIN, StandardFactory.BYTEARRAY);

    private final @Nullable String bytearrayRefusal;
    private final boolean isErased;
    private final PickleOutput out = new PickleOutput();
    private final Seen seen = new Seen();
    private WriterFrame[] frames = new WriterFrame[8];
    private int depth;
    private int repeated; // items of tuples that were met inside themselves

    private PickleWriter(@Nullable String bytearrayRefusal, boolean isErased) {
        this.bytearrayRefusal = bytearrayRefusal;
        this.isErased = isErased;
    }

    /**
     * Returns {@code value} as a pickle, calling it {@code value} in errors.
     *
     * @throws PickleException with the caller to blame, if it holds what may not be sent
     */
    public static byte[] toBytes(@Nullable Object value) {
        return toBytes("value", value);
    }

    /** As {@link #toBytes(Object)}, with the name of the value for the path in errors, such as {@code args}. */
    public static byte[] toBytes(String rootName, @Nullable Object value) {
        return toBytes(rootName, value, null);
    }

    /** As {@link #toBytes(String, Object)}, for readers that take no bytearray; null where they do, else what they say to one. */
    public static byte[] toBytes(String rootName, @Nullable Object value, @Nullable String bytearrayRefusal) {
        return join(toParts(rootName, value, bytearrayRefusal));
    }

    /**
     * As {@link #toBytes(String, Object, String)}, but copies no long {@code byte[]} of the value: the pickle is these parts, one
     * after another, every second of which is such an array itself. It must not be changed as long as the parts are used.
     */
    public static byte[][] toParts(String rootName, @Nullable Object value, @Nullable String bytearrayRefusal) {
        return toParts(rootName, value, bytearrayRefusal, false);
    }

    /**
     * As {@link #toParts(String, Object, String)}; where the reader does not know what lists and maps are declared to hold, nothing in
     * them may arrive as another type than it has.
     */
    public static byte[][] toParts(
            String rootName, @Nullable Object value, @Nullable String bytearrayRefusal, boolean isErased) {
        return new PickleWriter(bytearrayRefusal, isErased).write(rootName, value);
    }

    /** Returns the bytes of a pickle with these parts. */
    public static int length(byte[][] parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        return length;
    }

    /** Returns the pickle whose parts these are, as one array. */
    public static byte[] join(byte[][] parts) {
        if (parts.length == 1) {
            return parts[0];
        }
        byte[] whole = new byte[length(parts)];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, whole, at, part.length);
            at += part.length;
        }
        return whole;
    }

    /** Returns the value to write for 32 bits that mean an unsigned number, as ids and handles do: what Python writes. */
    public static Number unsigned(int bits) {
        // No conditional expression: it would make a long of both branches.
        if (bits >= 0) {
            return bits;
        }
        return Integer.toUnsignedLong(bits);
    }

    private byte[][] write(String rootName, @Nullable Object value) {
        try {
            begin(value);
            while (depth > 0) {
                step(frames[depth - 1]);
            }
            return out.finish(seen.puts());
        } catch (PickleException e) {
            throw new PickleException(
                    Blame.CALLER, WriterPath.of(rootName, frames, depth) + ": " + e.getMessage(), e.getCause());
        } catch (RuntimeException e) {
            throw new PickleException(
                    Blame.CALLER, WriterPath.of(rootName, frames, depth) + ": cannot be read: " + e, e);
        }
    }

    /** Writes a value that holds no others, or pushes a frame for one that does. */
    private void begin(@Nullable Object value) {
        if (isErased && depth > 0 && !isUsual(value)) {
            Erasure.check(value, frames[depth - 1]);
        }
        if (value == null) {
            out.opcode(Opcode.NONE);
        } else if (value instanceof Boolean) {
            out.opcode((Boolean) value ? Opcode.NEWTRUE : Opcode.NEWFALSE);
        } else if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            out.integer(((Number) value).intValue());
        } else if (value instanceof Long) {
            out.longInteger((long) value);
        } else if (value instanceof Double || value instanceof Float) {
            out.real(((Number) value).doubleValue());
        } else if (value instanceof BigInteger) {
            out.longInteger((BigInteger) value);
        } else if (value instanceof Character) {
            begin(value.toString());
        } else if (!writeShared(value)) {
            beginObject(value);
        }
    }

    /** Tells quickly of most values that their type does not get lost. */
    private static boolean isUsual(@Nullable Object value) {
        return value == null
                || value instanceof String
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Double
                || value instanceof Boolean
                || value instanceof List
                || value instanceof Map;
    }

    private boolean writeShared(Object value) {
        int slot = seen.find(value);
        if (slot < 0) {
            return false;
        }
        int position = seen.position(slot);
        if (position == Seen.OPEN) {
            repeated += ((Tuple) value).size();
            if (repeated <= MAX_REPEATED) {
                return false;
            }
        }
        if (position < 0) {
            throw refuse(value, "contains itself");
        }
        out.get(seen.index(slot));
        return true;
    }

    private void beginObject(Object value) {
        if (value instanceof String) {
            out.text((String) value);
            written(value);
        } else if (value instanceof byte[]) {
            out.bytes((byte[]) value);
            written(value);
        } else if (value instanceof Bytes) {
            out.bytes(((Bytes) value).lentBytes());
            written(value);
        } else if (value instanceof Tuple) {
            beginTuple((Tuple) value);
        } else if (value instanceof Kwargs) {
            beginCall(value, KWARGS);
            beginDict((Kwargs) value);
        } else if (value instanceof Blob) {
            writeCall(value, BLOB, ((Blob) value).lentBytes());
        } else if (value instanceof Secret) {
            writeCall(value, SECRET, ((Secret) value).reveal());
        } else if (value instanceof Bytearray) {
            if (bytearrayRefusal != null) {
                throw refuse(value, bytearrayRefusal);
            }
            writeCall(value, BYTEARRAY, ((Bytearray) value).bytes());
        } else if (value instanceof Reducible) {
            beginReducible((Reducible) value);
        } else if (value instanceof List) {
            beginList(value, ((List<?>) value).iterator());
        } else if (value instanceof Map) {
            out.opcode(Opcode.EMPTY_DICT);
            written(value);
            push(WriterFrame.DICT, value, ((Map<?, ?>) value).entrySet().iterator());
        } else if (value instanceof Object[]) {
            beginList(value, Arrays.asList((Object[]) value).iterator());
        } else if (value.getClass().isArray()) {
            beginList(value, new PrimitiveArray(value).iterator());
        } else {
            throw refuse(value, "may not be sent");
        }
    }

    private static PickleException refuse(Object value, String reason) {
        return new PickleException(Blame.CALLER, value.getClass().getTypeName() + " " + reason);
    }

    private void written(Object value) {
        seen.add(value, out.position());
    }

    private void push(int kind, Object container, @Nullable Iterator<?> iterator) {
        if (depth == frames.length) {
            frames = Arrays.copyOf(frames, 2 * depth);
        }
        if (frames[depth] == null) {
            frames[depth] = new WriterFrame();
        }
        frames[depth++].start(kind, container, iterator);
    }

    private void beginList(Object container, Iterator<?> items) {
        out.opcode(Opcode.EMPTY_LIST);
        written(container);
        push(WriterFrame.LIST, container, items);
    }

    private void beginDict(Kwargs kwargs) {
        out.opcode(Opcode.EMPTY_DICT);
        push(WriterFrame.DICT, kwargs, kwargs.entrySet().iterator());
    }

    private void beginTuple(Tuple tuple) {
        if (tuple.size() == 0) {
            out.opcode(Opcode.EMPTY_TUPLE);
            return;
        }
        if (tuple.size() > 3) {
            out.opcode(Opcode.MARK);
        }
        seen.add(tuple, Seen.OPEN);
        push(WriterFrame.TUPLE, tuple, null);
    }

    private void beginCall(Object value, GlobalName name) {
        seen.add(value, Seen.UNFINISHED);
        if (!writeShared(name)) {
            out.global(name.toString());
            written(name);
        }
        push(WriterFrame.CALL, value, null);
    }

    private void beginReducible(Reducible value) {
        String module = value.globalModule();
        String name = value.globalName();
        if (module.indexOf('\n') >= 0 || name.indexOf('\n') >= 0) {
            throw refuse(value, "has a line break in its Python name");
        }
        Tuple arguments = value.arguments();
        beginCall(value, new GlobalName(module, name));
        begin(arguments);
    }

    private void writeCall(Object value, GlobalName name, Object argument) {
        beginCall(value, name);
        begin(argument);
        endCall(value);
    }

    private void endCall(Object value) {
        if (!(value instanceof Reducible)) {
            out.opcode(Opcode.TUPLE1);
        }
        out.opcode(Opcode.REDUCE);
        written(value);
        depth--;
    }

    /** Goes on with the innermost container until it is complete or pushes another. */
    private void step(WriterFrame frame) {
        switch (frame.kind) {
            case WriterFrame.LIST:
                stepList(frame);
                break;
            case WriterFrame.DICT:
                stepDict(frame);
                break;
            case WriterFrame.TUPLE:
                stepTuple(frame, (Tuple) frame.container);
                break;
            default:
                endCall(frame.container);
        }
    }

    private void stepList(WriterFrame frame) {
        Iterator<?> items = Objects.requireNonNull(frame.iterator);
        int level = depth;
        while (depth == level) {
            if (!beginItem(frame, items.hasNext(), Opcode.APPEND, Opcode.APPENDS)) {
                return;
            }
            Object item = items.next();
            markBatch(frame, items.hasNext());
            begin(item);
        }
    }

    private void stepDict(WriterFrame frame) {
        Iterator<?> entries = Objects.requireNonNull(frame.iterator);
        int level = depth;
        while (depth == level) {
            if (frame.isKeyInWork) {
                frame.isKeyInWork = false;
                begin(frame.value);
                continue;
            }
            if (!beginItem(frame, entries.hasNext(), Opcode.SETITEM, Opcode.SETITEMS)) {
                return;
            }
            Map.Entry<?, ?> entry = (Map.Entry<?, ?>) entries.next();
            frame.isKeyInWork = true;
            frame.key = entry.getKey();
            frame.value = entry.getValue();
            markBatch(frame, entries.hasNext());
            beginKey(frame, frame.key);
        }
    }

    private void beginKey(WriterFrame frame, @Nullable Object key) {
        Class<?> type = key == null ? null : key.getClass();
        boolean isFirstOfUsual = frame.index == 0
                && (type == String.class || type == Integer.class || type == Long.class)
                && hasUniqueKeys(frame.container);
        if (isFirstOfUsual) {
            frame.keyType = type;
        } else if (type != frame.keyType && frame.keyType != WriterFrame.class) {
            frame.keyType = WriterFrame.class;
            KeyClash.check((Map<?, ?>) frame.container);
        }
        @Nullable String refusal = key instanceof byte[] ? null : Keys.refusal(key);
        if (refusal != null && key != null) {
            throw refuse(key, refusal);
        }
        begin(key);
    }

    /** Tells of the usual maps that no two of their keys are equal; others may go by identity or a comparator, or wrap such a map. */
    private static boolean hasUniqueKeys(Object map) {
        return map instanceof HashMap
                || map instanceof ConcurrentHashMap
                || map instanceof Kwargs
                || map.getClass() == MAP_OF
                || map.getClass() == TreeMap.class && ((TreeMap<?, ?>) map).comparator() == null;
    }

    /** Ends a batch if that is due, and the frame if nothing follows. Returns whether something does. */
    private boolean beginItem(WriterFrame frame, boolean hasNext, int endOfOne, int endOfMany) {
        if (frame.batch > 0 && (frame.batch == BATCH || !hasNext)) {
            out.opcode(frame.isSingle ? endOfOne : endOfMany);
            frame.batch = 0;
        }
        if (!hasNext) {
            depth--;
        }
        return hasNext;
    }

    private void markBatch(WriterFrame frame, boolean hasNext) {
        if (frame.batch == 0) {
            frame.isSingle = !hasNext;
            if (hasNext) {
                out.opcode(Opcode.MARK);
            }
        }
        frame.batch++;
        frame.index++;
    }

    private void stepTuple(WriterFrame frame, Tuple tuple) {
        int level = depth;
        while (depth == level) {
            if (++frame.index == tuple.size()) {
                endTuple(tuple);
                return;
            }
            begin(tuple.get(frame.index));
        }
    }

    private void endTuple(Tuple tuple) {
        depth--;
        int size = tuple.size();
        if (seen.position(seen.find(tuple)) == Seen.OPEN) {
            out.opcode(size > 3 ? Opcode.TUPLE : Opcode.TUPLE1 - 1 + size);
            written(tuple);
            return;
        }
        if (size > 3) {
            out.opcode(Opcode.POP_MARK);
        } else {
            for (int i = 0; i < size; i++) {
                out.opcode(Opcode.POP);
            }
        }
        writeShared(tuple);
    }

    /** An array of primitives seen as a list. */
    private static final class PrimitiveArray extends AbstractList<Object> {
        private final Object array;

        PrimitiveArray(Object array) {
            this.array = array;
        }

        @Override
        public Object get(int index) {
            return Array.get(array, index);
        }

        @Override
        public int size() {
            return Array.getLength(array);
        }
    }
}
