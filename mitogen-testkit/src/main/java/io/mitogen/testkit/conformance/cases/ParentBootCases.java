// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import static io.mitogen.testkit.conformance.cases.Case.parent;

import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.Repr;
import io.mitogen.testkit.conformance.wire.Tuple;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** How a parent starts a child in the way of Python. */
final class ParentBootCases {
    private static final List<String> FLAGS = List.of("debug", "profiling", "unidirectional");

    private ParentBootCases() {}

    static List<Case> cases() {
        return List.of(
                parent(
                        "parent.boot.preamble",
                        "a line with MITO000 in it, in pieces and after others, brings one stream of zlib, and nothing behind it",
                        ParentBootCases::preamble),
                parent(
                        "parent.boot.text",
                        "it is a text, whose last line is ExternalContext({...}).main() and ends with a line feed",
                        ParentBootCases::text),
                parent(
                        "parent.boot.keys",
                        "the configuration has every key that its version needs, each of its type",
                        ParentBootCases::keys),
                parent(
                        "parent.boot.ids",
                        "the child's id is a new one; the parents' ids are different, nearest first, and end with 0",
                        ParentBootCases::ids),
                parent(
                        "parent.boot.frames-behind",
                        "what stands behind the line feed of MITO002 is a frame, if it comes with it or not",
                        ParentBootCases::framesBehind));
    }

    private static String preamble(ParentStand stand) throws Deviation, NotApplicable {
        int bytes = stand.preamble().text().length();
        Check.equal("bytes behind it", 0, stand.preamble().surplus());
        return "a text of " + bytes + " characters";
    }

    private static String text(ParentStand stand) throws Deviation, NotApplicable {
        String text = stand.preamble().text();
        Map<?, ?> configuration = stand.configuration();
        Check.that(text.endsWith("\n"), "a line feed at the end", "none");
        Check.that(text.indexOf('\n') < text.length() - 1, "more than one line", "one line");
        return configuration.size() + " keys";
    }

    private static String keys(ParentStand stand) throws Deviation, NotApplicable {
        Map<?, ?> configuration = stand.configuration();
        require(configuration, "context_id", BigInteger.class);
        require(configuration, "parent_ids", List.class);
        require(configuration, "max_message_size", BigInteger.class);
        require(configuration, "version", Tuple.class);
        for (String flag : FLAGS) {
            require(configuration, flag, Boolean.class);
        }
        if (stand.preamble().isSince(0, 3, 45)) {
            require(configuration, "log_levels", List.class);
        } else {
            require(configuration, "log_level", BigInteger.class);
        }
        if (stand.preamble().isSince(0, 3, 42)) {
            require(configuration, "import_overrides", List.class);
            require(configuration, "import_blocks", List.class);
        }
        Check.that(stand.preamble().maxMessageBytes() > 0, "max_message_size above 0", configuration.toString());
        return "version " + Repr.of(configuration.get("version"));
    }

    private static void require(Map<?, ?> configuration, String key, Class<?> type) throws Deviation {
        Check.that(
                type.isInstance(configuration.get(key)),
                key + " as a " + type.getSimpleName(),
                configuration.containsKey(key) ? Repr.brief(configuration.get(key)) : "no such key");
    }

    private static String ids(ParentStand stand) throws Deviation, NotApplicable {
        stand.configuration();
        int id = stand.preamble().ownId();
        List<Integer> parents = stand.preamble().parentIds();
        Check.that(id > 0 && !parents.contains(id), "an id of its own", String.valueOf(id));
        Check.that(parents.indexOf(0) == parents.size() - 1, "parent_ids that end with the only 0", parents.toString());
        Check.equal("different ids", parents.size(), (int)
                parents.stream().distinct().count());
        return id + " below " + parents;
    }

    private static String framesBehind(ParentStand stand) throws Deviation, NotApplicable {
        Frame answer = stand.firstAnswer();
        Check.dead(answer, Check.INVALID_HANDLE);
        return answer.toString();
    }
}
