// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

import java.util.List;

/**
 * Groups of bars, one bar for each series. A value.
 *
 * @param title what it shows
 * @param unit unit of the values
 * @param groups names of the groups
 * @param series a value for each group, each
 */
public record BarPlot(String title, String unit, List<String> groups, List<Series> series) implements Plot {
    private static final double GAP = 0.3; // part of a group's width
    private static final int MAX_BAR = 56;

    /** Returns bars for ours, Python's and the pipe's medians of some figures, whose names stand below. */
    public static BarPlot of(String title, List<Figure> figures) {
        return new BarPlot(
                title,
                figures.get(0).unit(),
                figures.stream().map(Figure::name).toList(),
                List.of(Series.ours(figures), Series.python("", figures), Series.limit(figures)));
    }

    @Override
    public String toSvg() {
        List<Series> shown = series.stream().filter(each -> !each.isEmpty()).toList();
        Canvas canvas = new Canvas(title, unit, Series.max(shown));
        canvas.legend(shown);
        double groupWidth = (double) (Canvas.RIGHT - Canvas.LEFT) / groups.size();
        double barWidth = Math.min(MAX_BAR, groupWidth * (1 - GAP) / Math.max(1, shown.size()));
        for (int group = 0; group < groups.size(); group++) {
            double middle = Canvas.LEFT + (group + 0.5) * groupWidth;
            canvas.svg().text(middle, Canvas.BOTTOM + 20, "middle", Canvas.SMALL, Svg.INK, groups.get(group));
            for (int i = 0; i < shown.size(); i++) {
                double left = middle + (i - shown.size() / 2.0) * barWidth;
                bar(
                        canvas,
                        left,
                        barWidth,
                        shown.get(i).values().get(group),
                        shown.get(i).color());
            }
        }
        return canvas.svg().end();
    }

    private static void bar(Canvas canvas, double left, double width, double value, String color) {
        if (Double.isFinite(value)) {
            double top = canvas.y().at(value);
            canvas.svg().rect(left + 1, top, width - 2, Canvas.BOTTOM - top, color);
            canvas.svg().text(left + width / 2, top - 4, "middle", Canvas.SMALL, Svg.PALE, Numerals.of(value));
        }
    }
}
