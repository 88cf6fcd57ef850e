// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

import java.util.List;

/** What all plots have: a title, a legend, and lines at round values. One thread at a time. */
final class Canvas {
    static final int WIDTH = 720;
    static final int HEIGHT = 360;
    static final int LEFT = 76;
    static final int RIGHT = WIDTH - 16;
    static final int TOP = 74;
    static final int BOTTOM = HEIGHT - 48;
    static final int SMALL = 12;

    private static final int LARGE = 15;
    private static final List<String> COLORS =
            List.of("#0969da", "#d4a72c", "#8c959f", "#1a7f37", "#8250df", "#cf222e");
    private static final double LETTER = 6.6; // about the width of one, small
    private static final int KEY = 10;

    private final Svg svg;
    private final Axis y;

    Canvas(String title, String unit, double max) {
        svg = new Svg(WIDTH, HEIGHT, title);
        y = Axis.fromZero(max, BOTTOM, TOP);
        svg.text(16, 26, "start", LARGE, Svg.INK, title);
        for (double tick : y.ticks()) {
            svg.line(LEFT, y.at(tick), RIGHT, y.at(tick), tick == 0 ? Svg.PALE : "#d0d7de");
            svg.text(LEFT - 8, y.at(tick) + 4, "end", SMALL, Svg.PALE, Numerals.of(tick));
        }
        svg.text(LEFT - 8, TOP - 14, "end", SMALL, Svg.PALE, unit);
    }

    Svg svg() {
        return svg;
    }

    Axis y() {
        return y;
    }

    /** Writes the names of the series beside their colours. */
    void legend(List<Series> all) {
        double x = LEFT;
        for (Series series : all) {
            svg.rect(x, TOP - 32, KEY, KEY, series.color());
            svg.text(x + KEY + 6, TOP - 23, "start", SMALL, Svg.INK, series.name());
            x += KEY + 26 + series.name().length() * LETTER;
        }
    }
}
