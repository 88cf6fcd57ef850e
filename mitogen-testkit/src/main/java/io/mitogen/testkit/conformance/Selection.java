// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import io.mitogen.testkit.conformance.cases.Case;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which cases somebody does not run, with a reason, and which of them are known to fail. Immutable.
 *
 * @param skipped cases that are not run
 * @param expected cases whose failure is no failure of the run; that one of them passes is
 */
record Selection(List<Entry> skipped, List<Entry> expected) {
    static final Selection ALL = new Selection(List.of(), List.of());

    /** Names of cases, with {@code *} and {@code ?}, and why they are named. */
    record Entry(String glob, PathMatcher matcher, String reason) {
        static Entry parse(String text, String what) throws Usage {
            int equals = text.indexOf('=');
            String glob = (equals < 0 ? text : text.substring(0, equals)).strip();
            String reason = equals < 0 ? "" : text.substring(equals + 1).strip();
            if (glob.isEmpty() || reason.isEmpty()) {
                throw new Usage(what + " needs GLOB=REASON, not " + text);
            }
            return new Entry(glob, Operand.glob(what, glob), reason);
        }

        boolean matches(Case test) {
            return matcher.matches(FileSystems.getDefault().getPath(test.name()));
        }
    }

    /** Reads a file of expected failures: {@code GLOB=REASON} on each line, {@code #} begins a comment. */
    static List<Entry> read(Path file) throws Usage {
        List<Entry> entries = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file)) {
                if (!line.isBlank() && !line.strip().startsWith("#")) {
                    entries.add(Entry.parse(line, "each line of " + file));
                }
            }
        } catch (IOException e) {
            throw new Usage("--expect cannot read " + file + ": " + e);
        }
        return entries;
    }

    Optional<String> skipReason(Case test) {
        return find(skipped, test).map(Entry::reason);
    }

    private static Optional<Entry> find(List<Entry> entries, Case test) {
        return entries.stream().filter(each -> each.matches(test)).findFirst();
    }

    /** Returns {@code outcome} as it counts: a failure that was expected is none, a pass that was not is one. */
    Outcome judged(Outcome outcome) {
        Optional<Entry> entry = find(expected, outcome.test());
        if (entry.isEmpty()) {
            return outcome;
        }
        return switch (outcome.verdict()) {
            case FAIL ->
                outcome.as(Verdict.EXPECTED, "expected to fail: " + entry.get().reason() + "; " + outcome.seen());
            case PASS ->
                outcome.as(
                        Verdict.FAIL,
                        "it passes, but is expected to fail (" + entry.get().glob() + "); take it off the list; "
                                + outcome.seen());
            default -> outcome;
        };
    }
}
