// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.wire.Bytes;
import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.Global;
import io.mitogen.testkit.conformance.wire.Made;
import io.mitogen.testkit.conformance.wire.Repr;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/** What cases look at, each with a message that tells what was there instead. Any thread. */
final class Check {
    static final String INVALID_HANDLE = "invalid handle";
    static final String REFUSED = "refused by policy";

    private Check() {}

    static void equal(String what, Object expected, Object seen) throws Deviation {
        that(Objects.equals(expected, seen), what + " = " + brief(expected), what + " = " + brief(seen));
    }

    private static String brief(Object value) {
        return value instanceof Frame ? value.toString() : Repr.brief(value);
    }

    static void that(boolean kept, String expected, String seen) throws Deviation {
        if (!kept) {
            throw new Deviation(expected, seen);
        }
    }

    /** Returns the text of the failure that {@code frame} carries. */
    static String failure(Frame frame) throws Deviation {
        Object value = Link.value(frame);
        if (value instanceof Made made
                && made.by().equals(Global.CALL_ERROR)
                && made.arguments().size() == 1
                && made.arguments().get(0) instanceof String text) {
            return text;
        }
        throw new Deviation("a CallError", Repr.brief(value));
    }

    /** Tells whether {@code frame} carries a failure. */
    static boolean isFailure(Frame frame) {
        try {
            failure(frame);
            return true;
        } catch (Deviation expected) { // a value, a dead message, or nothing that can be read
            return false;
        }
    }

    /** Demands a dead message with {@code reason}, after which a colon and details may stand. */
    static void dead(Frame frame, String reason) throws Deviation {
        that(frame.isDead(), "a dead message: " + reason, frame.toString());
        that(frame.text().equals(reason) || frame.text().startsWith(reason + ": "), "reason " + reason, frame.text());
    }

    /** Demands that no such frame came after {@code mark}; a fence must have been passed. */
    static void none(Link link, int mark, String unwanted, Predicate<Frame> test) throws Deviation {
        List<Frame> found = link.since(mark).stream().filter(test).toList();
        that(found.isEmpty(), "no " + unwanted, found.toString());
    }

    /** Returns the value of a key; Python 2 may send its keys as bytes. */
    static Object item(Map<?, ?> dict, String key) {
        Object value = dict.get(key);
        return value == null ? dict.get(new Bytes(key.getBytes(StandardCharsets.US_ASCII))) : value;
    }
}
