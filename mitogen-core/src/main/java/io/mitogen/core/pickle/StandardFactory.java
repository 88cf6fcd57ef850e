// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import io.mitogen.core.Nullable;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes the values of the standard names. One class, since each more costs every child a class to load. Any thread. */
final class StandardFactory implements Globals.Factory {
    static final String MITOGEN = "mitogen.core";
    static final String BLOB = "Blob";
    static final String SECRET = "Secret";
    static final String KWARGS = "Kwargs";
    static final String CODECS = "_codecs";
    static final String ENCODE = "encode";
    static final String BUILTIN = "__builtin__";
    static final String BYTES = "bytes";
    static final String BYTEARRAY = "bytearray";

    private final String name;

    StandardFactory(String name) {
        this.name = name;
    }

    @Override
    public Object make(Tuple arguments) {
        switch (name) {
            case BLOB:
                return Blob.take((byte[]) only(arguments, byte[].class));
            case SECRET:
                return secret(arguments);
            case KWARGS:
                return kwargs((Map<?, ?>) only(arguments, Map.class));
            case ENCODE:
                return latin1(arguments);
            case BYTES:
                return arguments.size() == 0 ? new byte[0] : only(arguments, byte[].class);
            default:
                return bytearray(arguments);
        }
    }

    private Object only(Tuple arguments, Class<?> type) {
        if (arguments.size() != 1 || !type.isInstance(arguments.get(0))) {
            throw unfit(arguments);
        }
        return arguments.get(0);
    }

    private PickleException unfit(Tuple arguments) {
        StringBuilder types = new StringBuilder();
        for (int i = 0; i < arguments.size() && i < 3; i++) {
            @Nullable Object argument = arguments.get(i);
            types.append(i == 0 ? ": " : ", ")
                    .append(argument == null ? "null" : argument.getClass().getSimpleName());
        }
        return PickleException.peer("cannot unpickle " + name + " from " + arguments.size() + " arguments" + types);
    }

    /** A Python 2 peer may send the text as bytes. */
    private Secret secret(Tuple arguments) {
        if (arguments.size() == 1 && arguments.get(0) instanceof byte[]) {
            return Secret.of(text((byte[]) arguments.get(0)));
        }
        return Secret.of((String) only(arguments, String.class));
    }

    private Kwargs kwargs(Map<?, ?> map) {
        Map<String, Object> entries = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Object key = entry.getKey();
            if (key instanceof String) {
                entries.put((String) key, entry.getValue());
            } else if (key instanceof Bytes) {
                entries.put(text(((Bytes) key).lentBytes()), entry.getValue());
            } else {
                throw PickleException.peer("cannot unpickle Kwargs: a key is neither str nor bytes");
            }
        }
        return Kwargs.copyOf(entries);
    }

    private static String text(byte[] bytes) {
        @Nullable String text = Utf8.decode(bytes, 0, bytes.length);
        if (text == null) {
            throw PickleException.peer("cannot unpickle text: bytes are not UTF-8");
        }
        return text;
    }

    /** The form in which Python 3 sends bytes: a text of the characters 0 to 255. The encoding's name is not looked at. */
    private byte[] latin1(Tuple arguments) {
        if (arguments.size() != 2 || !(arguments.get(0) instanceof String)) {
            throw unfit(arguments);
        }
        String text = (String) arguments.get(0);
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xff) {
                throw PickleException.peer("cannot unpickle bytes: a character above 255 at " + i);
            }
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private Bytearray bytearray(Tuple arguments) {
        if (arguments.size() == 0) {
            return Bytearray.wrap(new byte[0]);
        }
        if (arguments.size() == 2) {
            return Bytearray.wrap(latin1(arguments));
        }
        return Bytearray.wrap(((byte[]) only(arguments, byte[].class)).clone());
    }
}
