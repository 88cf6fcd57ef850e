// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.MitogenException;
import io.mitogen.core.Nullable;
import io.mitogen.core.Printable;
import io.mitogen.core.pickle.Globals;
import io.mitogen.core.pickle.PickleException;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.Tuple;

/** Says to a user why a message could not be unpickled. Never makes anything of what was refused. Any thread. */
final class UnreadableValue {
    private static final String REFUSED = "cannot unpickle '";
    private static final String BETWEEN = "'/'";
    private static final String CONTAINER = "let the function return ";

    private UnreadableValue() {}

    /** Returns the error for a body that was refused; {@code what} says what was asked or waited for. */
    static MitogenException explain(byte[] body, String what, PickleException refusal) {
        String reason = String.valueOf(refusal.getMessage());
        int from = reason.indexOf(REFUSED);
        int to = reason.indexOf(BETWEEN, from + REFUSED.length());
        if (from >= 0 && to >= 0 && reason.endsWith("'")) {
            String module = reason.substring(from + REFUSED.length(), to);
            String type = nameIn(module, reason.substring(to + BETWEEN.length(), reason.length() - 1));
            return new NoJavaTypeException(what, type, remedy(type));
        }
        String failure = longFailure(body);
        if (failure != null) {
            return FailureText.exception(what, failure);
        }
        String text = Printable.indented(what + ": what came is no value: " + reason);
        return new PickleException(refusal.blame(), text, refusal.getCause());
    }

    /** Python 3 writes the names that Python 2 has for its own types. */
    private static String nameIn(String module, String name) {
        if (module.equals("__builtin__") || module.equals("builtins")) {
            return name.equals("xrange") ? "range" : name;
        }
        return module.equals("exceptions") ? name : module + "." + name;
    }

    private static String remedy(String type) {
        switch (type) {
            case "set":
            case "frozenset":
            case "range":
            case "collections.deque":
                return CONTAINER + "a list of its items, as with list(...)";
            case "collections.OrderedDict":
            case "collections.defaultdict":
            case "collections.Counter":
                return CONTAINER + "a plain dict, as with dict(...)";
            case "complex":
                return CONTAINER + "its two parts, as [z.real, z.imag]";
            default:
                return CONTAINER
                        + "what it is made of: text, as with str(...), numbers, a list, a tuple or a dict of them";
        }
    }

    /**
     * Returns the text of a failure that is longer than Python would read, null when that is not what the body holds. Python sends
     * an exception's whole message.
     */
    private static @Nullable String longFailure(byte[] body) {
        StringBuilder text = new StringBuilder();
        Globals.Factory factory = new Globals.Factory() {
            @Override
            public Object make(Tuple arguments) {
                if (arguments.size() == 1 && arguments.get(0) instanceof String) {
                    text.append((String) arguments.get(0));
                }
                return text;
            }
        };
        Globals failures = Globals.NONE
                .extend()
                .add("mitogen.core", "_unpickle_call_error", factory)
                .build();
        try {
            return PickleReader.fromBytes(body, failures) == text ? text.toString() : null;
        } catch (PickleException expected) {
            return null; // it is something else, of which the caller tells
        }
    }
}
