// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

import java.util.List;
import java.util.function.Function;

/**
 * Numbers that belong together in a plot. A value.
 *
 * @param name what they are
 * @param color colour as SVG has it
 * @param values one for each place; what is not a finite number is not drawn
 */
public record Series(String name, String color, List<Double> values) {
    private static final String OURS = "#0969da";
    private static final String OURS_TOO = "#1a7f37";
    private static final String PYTHON = "#d4a72c";
    private static final String LIMIT = "#8c959f";

    /** Returns the medians of this library. */
    public static Series ours(List<Figure> figures) {
        return ours("", figures);
    }

    /** Returns the medians of this library; {@code what} tells them from others. */
    public static Series ours(String what, List<Figure> figures) {
        return of("JVM" + what, OURS, figures, Figure::ours);
    }

    /** Returns medians of this library that stand beside others of it. */
    public static Series oursToo(String what, List<Figure> figures) {
        return of("JVM" + what, OURS_TOO, figures, Figure::ours);
    }

    /** Returns the medians of Python Mitogen; {@code what} tells them from others. */
    public static Series python(String what, List<Figure> figures) {
        return of("Python" + what, PYTHON, figures, Figure::python);
    }

    /** Returns the medians of the bare pipe. */
    public static Series limit(List<Figure> figures) {
        return of("bare pipe", LIMIT, figures, Figure::limit);
    }

    /** Returns values of the bare pipe. */
    public static Series limit(String name, List<Double> values) {
        return new Series(name, LIMIT, values);
    }

    private static Series of(String name, String color, List<Figure> figures, Function<Figure, Samples> side) {
        List<Double> medians =
                figures.stream().map(figure -> side.apply(figure).median()).toList();
        return new Series(name, color, medians);
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
