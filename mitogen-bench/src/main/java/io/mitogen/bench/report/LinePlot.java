// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Curves over numbers. A value.
 *
 * @param title what it shows
 * @param unit unit of the values
 * @param xLabel what the numbers are
 * @param x the numbers, growing
 * @param series a value for each number, each
 */
public record LinePlot(String title, String unit, String xLabel, List<Integer> x, List<Series> series) implements Plot {
    /** From here on a factor is told better than a difference. */
    private static final int WIDE = 10;

    private static final int INSET = 24;
    private static final int LABEL = 60;
    private static final int DOT = 8;
    private static final int DESCENT = 4;

    @Override
    public String toSvg() {
        List<Series> shown = series.stream().filter(each -> !each.isEmpty()).toList();
        Canvas canvas = new Canvas(title, unit, Series.max(shown));
        canvas.legend(shown);
        int first = x.get(0);
        int last = x.get(x.size() - 1);
        Axis across = new Axis(
                first, Math.max(last, first + 1), Canvas.LEFT + INSET, Canvas.RIGHT - LABEL, 1, last >= WIDE * first);
        for (int value : x) {
            canvas.svg()
                    .text(
                            across.at(value),
                            Canvas.BOTTOM + 20,
                            "middle",
                            Canvas.SMALL,
                            Svg.INK,
                            Integer.toString(value));
        }
        canvas.svg().text(Canvas.RIGHT, Canvas.BOTTOM + 38, "end", Canvas.SMALL, Svg.PALE, xLabel);
        List<Label> labels = new ArrayList<>();
        shown.forEach(each -> labels.add(curve(canvas, across, each)));
        write(canvas.svg(), labels);
        return canvas.svg().end();
    }

    private Label curve(Canvas canvas, Axis across, Series series) {
        int[] known = IntStream.range(0, x.size())
                .filter(i -> Double.isFinite(series.values().get(i)))
                .toArray();
        canvas.svg()
                .curve(
                        IntStream.of(known)
                                .mapToDouble(i -> across.at(x.get(i)))
                                .toArray(),
                        IntStream.of(known)
                                .mapToDouble(i -> canvas.y().at(series.values().get(i)))
                                .toArray(),
                        series.color());
        int end = known[known.length - 1];
        double value = series.values().get(end);
        return new Label(across.at(x.get(end)) + DOT, canvas.y().at(value), Numerals.of(value));
    }

    /** Writes labels, highest first, none over the one above it. */
    private static void write(Svg svg, List<Label> labels) {
        labels.sort(Comparator.comparingDouble(Label::y));
        double free = Double.NEGATIVE_INFINITY;
        for (Label label : labels) {
            double y = Math.max(label.y + DESCENT, free);
            svg.text(label.x, y, "start", Canvas.SMALL, Svg.PALE, label.text);
            free = y + Canvas.SMALL;
        }
    }

    private record Label(double x, double y, String text) {}
}
