// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The table on the terminal: a line for each figure, then one for each bound. Any thread. */
public final class Table {
    private static final List<String> HEAD = List.of("", "", "ours", "p99", "Python", "pipe", "/Python", "/pipe");

    private Table() {}

    /** Returns the table, with a line end. */
    public static String of(List<Result> results) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        for (Result result : results) {
            if (result.isFailure()) {
                rows.add(List.of(result.key(), "not measured: " + result.failure()));
            }
            for (Figure figure : result.figures()) {
                rows.add(row(figure == result.figures().get(0) ? result.key() : "", figure));
            }
        }
        List<List<String>> verdicts = new ArrayList<>(List.of(Verdicts.HEAD));
        verdicts.addAll(Verdicts.rows(results));
        return aligned(rows, 2) + "\n" + aligned(verdicts, 2);
    }

    private static List<String> row(String key, Figure figure) {
        return List.of(
                key,
                figure.name() + ", " + figure.unit(),
                Numerals.of(figure.ours().median()),
                Numerals.of(figure.hasTail() ? figure.ours().p99() : Double.NaN),
                Numerals.of(figure.python().median()),
                Numerals.of(figure.limit().median()),
                Numerals.of(figure.toPython()),
                Numerals.of(figure.toLimit()));
    }

    /** Pads all cells, so many columns of text on the right, then numbers on the left. */
    private static String aligned(List<List<String>> rows, int texts) {
        StringBuilder out = new StringBuilder();
        for (List<String> row : rows) {
            List<String> cells = new ArrayList<>();
            for (int column = 0; column < row.size(); column++) {
                int width = width(rows, column, texts);
                cells.add(String.format((column < texts ? "%-" : "%") + width + "s", row.get(column)));
            }
            out.append(cells.stream().collect(Collectors.joining("  ")).stripTrailing())
                    .append('\n');
        }
        return out.toString();
    }

    private static int width(List<List<String>> rows, int column, int texts) {
        return rows.stream()
                .filter(row -> row.size() > texts || column == 0) // but for what stands alone at the end of a row
                .mapToInt(row -> row.get(column).length())
                .max()
                .orElse(1);
    }
}
