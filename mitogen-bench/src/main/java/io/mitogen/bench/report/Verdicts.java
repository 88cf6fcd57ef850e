// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says of each bound what was found and whether it holds, as rows of cells. Any thread. */
final class Verdicts {
    static final List<String> HEAD = List.of("key", "what", "found", "at least", "holds", "aim", "holds");

    private Verdicts() {}

    /** Returns a row for each bound, and one for each workload that failed. */
    static List<List<String>> rows(List<Result> results) {
        List<List<String>> rows = new ArrayList<>();
        for (Result result : results) {
            if (result.isFailure()) {
                rows.add(List.of(result.key(), "not measured", "-", "", "NO", "", ""));
            }
            for (Bound bound : result.atLeast()) {
                rows.add(row(result.key(), bound, Optional.of(bound), like(result.aims(), bound)));
            }
            for (Bound aim : result.aims()) {
                if (like(result.atLeast(), aim).isEmpty()) {
                    rows.add(row(result.key(), aim, Optional.empty(), Optional.of(aim)));
                }
            }
        }
        return rows;
    }

    private static Optional<Bound> like(List<Bound> bounds, Bound other) {
        return bounds.stream()
                .filter(bound -> bound.what().equals(other.what()))
                .findFirst();
    }

    private static List<String> row(String key, Bound either, Optional<Bound> atLeast, Optional<Bound> aim) {
        return List.of(
                key,
                either.what(),
                Numerals.of(either.value()),
                atLeast.map(Bound::range).orElse(""),
                atLeast.map(bound -> bound.holds() ? "yes" : "NO").orElse(""),
                aim.map(Bound::range).orElse(""),
                aim.map(bound -> bound.holds() ? "yes" : "no").orElse(""));
    }
}
