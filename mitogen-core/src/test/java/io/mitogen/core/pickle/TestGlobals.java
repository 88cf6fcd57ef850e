// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

/** The standard names and stand-ins for those of other rooms, with the checks of real receivers. Any thread. */
final class TestGlobals {
    /** A stand-in, with the arguments it was made of; writes itself as what it was. */
    record Made(String type, Tuple arguments) implements Reducible {
        @Override
        public String module() {
            return "mitogen.core";
        }

        @Override
        public String name() {
            return type.equals("CallError")
                    ? "_unpickle_call_error"
                    : "_unpickle_" + type.toLowerCase(java.util.Locale.ROOT);
        }
    }

    static final Globals WITHOUT_SENDER = Globals.STANDARD
            .extend()
            .add("mitogen.core", "_unpickle_call_error", TestGlobals::callError)
            .add("mitogen.core", "CallError", TestGlobals::callError)
            .add("mitogen.core", "_unpickle_context", TestGlobals::context)
            .build();

    static final Globals ALL = WITHOUT_SENDER
            .extend()
            .add("mitogen.core", "_unpickle_sender", TestGlobals::sender)
            .build();

    private TestGlobals() {}

    private static Object callError(Tuple arguments) {
        String text = (String) arguments.get(0);
        check(arguments.size() == 1 && text.length() < 10000, "CallError");
        return new Made("CallError", arguments);
    }

    private static Object context(Tuple arguments) {
        Object id = arguments.get(0) instanceof Boolean ? 1 : arguments.get(0);
        String name = (String) arguments.get(1);
        check(arguments.size() == 2 && ((Number) id).longValue() >= 0, "Context");
        check(name == null || name.length() < 100, "Context");
        return new Made("Context", arguments);
    }

    private static Object sender(Tuple arguments) {
        long handle = ((Number) arguments.get(1)).longValue();
        check(arguments.size() == 2 && ((Number) arguments.get(0)).longValue() >= 0 && handle > 0, "Sender");
        return new Made("Sender", arguments);
    }

    private static void check(boolean isGood, String type) {
        if (!isGood) {
            throw PickleException.peer("cannot unpickle " + type + ": bad input");
        }
    }
}
