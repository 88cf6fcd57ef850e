// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

import java.util.List;

/**
 * Numbers that belong together in a plot. A value.
 *
 * @param name what they are
 * @param values one for each place; what is not a finite number is not drawn
 */
public record Series(String name, List<Double> values) {
    /** Returns the medians of one side of some figures. */
    public static Series of(String name, List<Figure> figures, java.util.function.Function<Figure, Samples> side) {
        return new Series(
                name,
                figures.stream().map(figure -> side.apply(figure).median()).toList());
    }

    boolean isEmpty() {
        return values.stream().noneMatch(Double::isFinite);
    }

    static double max(List<Series> all) {
        return all.stream()
                .flatMap(series -> series.values.stream())
                .filter(Double::isFinite)
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
    }
}
