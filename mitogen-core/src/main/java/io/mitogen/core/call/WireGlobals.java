// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Globals;
import io.mitogen.core.pickle.PickleException;
import io.mitogen.core.pickle.Tuple;

/** What may be unpickled beside the plain values: contexts, senders, call errors. */
final class WireGlobals {
    private static final String MODULE = "mitogen.core";
    private static final long MAX_ID = 0xffff_ffffL;

    private WireGlobals() {}

    static Globals of(Contexts contexts) {
        return Globals.STANDARD
                .extend()
                .add(MODULE, "_unpickle_call_error", CallError.FACTORY)
                .add(MODULE, "CallError", CallError.FACTORY)
                .add(MODULE, "_unpickle_context", new Globals.Factory() {
                    @Override
                    public Object make(Tuple arguments) {
                        return context(contexts, arguments);
                    }
                })
                .add(MODULE, "_unpickle_sender", new Globals.Factory() {
                    @Override
                    public Object make(Tuple arguments) {
                        return Sender.of(contexts, arguments);
                    }
                })
                .build();
    }

    private static Object context(Contexts contexts, Tuple arguments) {
        long id = arguments.size() == 2 ? unsigned(arguments.get(0)) : -1;
        Object name = arguments.size() == 2 ? arguments.get(1) : null;
        if (id < 0
                || name != null
                        && (!(name instanceof String) || ((String) name).length() > Context.MAX_WIRE_NAME_CHARS)) {
            throw PickleException.peer(
                    "a Context is made of an id and a name, not of these " + arguments.size() + " values");
        }
        return contexts.received((int) id, (String) name);
    }

    /** Returns an id or handle as an unsigned number of 32 bits, -1 when the value is none. */
    static long unsigned(@Nullable Object value) {
        if (value instanceof Integer || value instanceof Long) {
            long number = ((Number) value).longValue();
            return number <= MAX_ID ? number : -1;
        }
        return -1;
    }
}
