// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

import java.util.Arrays;

/** Numbers measured one after another, all in one unit that whoever collects them knows. One thread at a time. */
public final class Samples {
    private static final double MIDDLE = 0.5;
    private static final double ALMOST_ALL = 0.99;

    private double[] values = new double[16];
    private int size;

    /** Returns samples with these values. */
    public static Samples of(double... values) {
        Samples samples = new Samples();
        samples.addAll(values);
        return samples;
    }

    /** Adds one. */
    public void add(double value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    /** Adds all. */
    public void addAll(double... added) {
        for (double value : added) {
            add(value);
        }
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** Returns a copy, in the order in which they were added. */
    public double[] toArray() {
        return Arrays.copyOf(values, size);
    }

    /** Returns the value that half of the samples do not exceed, between the two in the middle if there are two; NaN of none. */
    public double median() {
        return quantile(MIDDLE);
    }

    /** Returns the value that 99 of 100 samples do not exceed; NaN of none. */
    public double p99() {
        return quantile(ALMOST_ALL);
    }

    /** Returns the value at {@code part} (0 to 1) of the sorted samples, interpolated between neighbours; NaN of none. */
    public double quantile(double part) {
        if (size == 0) {
            return Double.NaN;
        }
        double[] sorted = toArray();
        Arrays.sort(sorted);
        double at = part * (size - 1);
        int below = (int) at;
        int above = Math.min(below + 1, size - 1);
        double weight = at - below;
        return weight == 0 ? sorted[below] : sorted[below] * (1 - weight) + sorted[above] * weight;
    }
}
