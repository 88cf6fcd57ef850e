// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Where values lie on a line of pixels. A value.
 *
 * @param from value at the start
 * @param to value at the end, above {@code from}
 * @param start pixel of {@code from}
 * @param end pixel of {@code to}
 * @param pieces number of pieces of equal length between ticks
 * @param isLogarithmic whether equal ratios have equal lengths; {@code from} is above zero then
 */
record Axis(double from, double to, double start, double end, int pieces, boolean isLogarithmic) {
    private static final int MAX_PIECES = 6;
    private static final double[] STEPS = {1, 2, 5, 10};

    /** Returns the axis from zero to a little more than {@code max}, a round number. */
    static Axis fromZero(double max, double start, double end) {
        double top = Double.isFinite(max) && max > 0 ? max : 1;
        double step = step(top);
        int pieces = (int) Math.ceil(top / step);
        return new Axis(0, pieces * step, start, end, pieces, false);
    }

    /** Returns the pixel of {@code value}. */
    double at(double value) {
        double part = isLogarithmic ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
        return start + part * (end - start);
    }

    /** Returns round values, from the start to the end, of a linear axis. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        for (int i = 0; i <= pieces; i++) {
            ticks.add(from + (to - from) * i / pieces);
        }
        return ticks;
    }

    /** Returns the smallest of 1, 2, 5, 10, 20 and so on that cuts {@code length} into few enough pieces. */
    private static double step(double length) {
        double unit = Math.pow(10, Math.floor(Math.log10(length / MAX_PIECES)));
        for (double step : STEPS) {
            if (length / (step * unit) <= MAX_PIECES) {
                return step * unit;
            }
        }
        throw new IllegalArgumentException("no ticks for a length of " + length);
    }
}
