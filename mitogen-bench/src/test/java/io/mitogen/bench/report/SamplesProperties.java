// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;

/** The laws of medians and percentiles. */
final class SamplesProperties {
    @Property
    void shouldHaveAsManySamplesBelowTheMedianAsAbove(
            @ForAll @NotEmpty List<@DoubleRange(min = -1e6, max = 1e6) Double> values) {
        double median = samples(values).median();

        long below = values.stream().filter(value -> value < median).count();
        long above = values.stream().filter(value -> value > median).count();
        assertTrue(2 * below <= values.size() && 2 * above <= values.size(), median + " of " + values);
    }

    @Property
    void shouldNotDependOnTheOrder(@ForAll @NotEmpty List<@DoubleRange(min = -1e6, max = 1e6) Double> values) {
        List<Double> shuffled = new java.util.ArrayList<>(values);
        Collections.reverse(shuffled);

        assertEquals(samples(values).median(), samples(shuffled).median());
        assertEquals(samples(values).p99(), samples(shuffled).p99());
    }

    @Property
    void shouldGrowFromTheSmallestToTheLargest(
            @ForAll @NotEmpty List<@DoubleRange(min = -1e6, max = 1e6) Double> values,
            @ForAll @Size(2) List<@DoubleRange(min = 0, max = 1) Double> parts) {
        Samples samples = samples(values);
        double lower = samples.quantile(Collections.min(parts));
        double higher = samples.quantile(Collections.max(parts));

        assertEquals(Collections.min(values), samples.quantile(0));
        assertEquals(Collections.max(values), samples.quantile(1));
        assertTrue(lower <= higher + 1e-9 * Math.abs(higher), lower + " > " + higher);
    }

    @Property
    void shouldKeepAllInTheOrderInWhichTheyCame(@ForAll double[] values) {
        Samples samples = Samples.of(values);

        assertArrayEquals(values, samples.toArray(), Arrays.toString(values));
        assertEquals(values.length, samples.size());
    }

    private static Samples samples(List<Double> values) {
        return Samples.of(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
