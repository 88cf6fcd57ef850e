// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.reference;

import io.mitogen.testkit.conformance.wire.Bytes;
import io.mitogen.testkit.conformance.wire.Global;
import io.mitogen.testkit.conformance.wire.Made;
import io.mitogen.testkit.conformance.wire.PickleIn;
import io.mitogen.testkit.conformance.wire.Repr;
import io.mitogen.testkit.conformance.wire.Tuple;
import java.io.File;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which values the small implementation takes. Any thread. */
final class MiniPickles {
    private MiniPickles() {}

    static Object read(byte[] pickle, Mutation mutation) {
        Object root = PickleIn.read(pickle);
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> open = new ArrayDeque<>();
        add(open, root);
        while (!open.isEmpty()) {
            Object value = open.pop();
            if (!seen.add(value)) {
                continue;
            }
            if (value instanceof Global) {
                throw new IllegalArgumentException("cannot unpickle " + value);
            } else if (value instanceof Made made) {
                check(made, mutation);
                made.arguments().items().forEach(each -> add(open, each));
            } else if (value instanceof Tuple tuple) {
                tuple.items().forEach(each -> add(open, each));
            } else if (value instanceof List<?> list) {
                list.forEach(each -> add(open, each));
            } else if (value instanceof Map<?, ?> map) {
                map.forEach((key, item) -> {
                    add(open, key);
                    add(open, item);
                });
            }
        }
        return root;
    }

    private static void add(Deque<Object> open, Object value) {
        if (value != null) {
            open.push(value);
        }
    }

    private static void check(Made made, Mutation mutation) {
        List<Object> arguments = made.arguments().items();
        if (mutation == Mutation.CALLS_GLOBAL && made.by().name().equals("mkdir")) {
            new File((String) arguments.get(0)).mkdir();
        }
        Object first = arguments.isEmpty() ? null : arguments.get(0);
        boolean right = made.by().module().equals(Global.CORE)
                && switch (made.by().name()) {
                    case "_unpickle_call_error" ->
                        arguments.size() == 1 && first instanceof String text && text.length() < 10_000;
                    case "_unpickle_context" ->
                        arguments.size() == 2
                                && isAtLeast(first, 0)
                                && (arguments.get(1) == null
                                        || arguments.get(1) instanceof String name && name.length() < 100);
                    case "_unpickle_sender" ->
                        arguments.size() == 2 && isAtLeast(first, 0) && isAtLeast(arguments.get(1), 1);
                    case "Blob" -> arguments.size() == 1 && first instanceof Bytes;
                    case "Secret" -> arguments.size() == 1 && first instanceof String;
                    case "Kwargs" -> arguments.size() == 1 && first instanceof Map;
                    default -> false;
                };
        if (!right) {
            throw new IllegalArgumentException("cannot unpickle " + made.by() + " of " + Repr.brief(made.arguments()));
        }
    }

    private static boolean isAtLeast(Object value, int least) {
        return value instanceof BigInteger number && number.compareTo(BigInteger.valueOf(least)) >= 0;
    }
}
