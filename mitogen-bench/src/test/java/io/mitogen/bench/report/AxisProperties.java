// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

/** The laws of axes. */
final class AxisProperties {
    @Property
    void shouldHaveRoomForTheLargestAndFewTicks(@ForAll @DoubleRange(min = -6, max = 12) double magnitude) {
        double max = Math.pow(10, magnitude);
        Axis axis = Axis.fromZero(max, 300, 50);

        List<Double> ticks = axis.ticks();

        assertEquals(300, axis.at(0), 1e-6);
        assertTrue(axis.at(max) >= 50 - 1e-6, "the largest is at " + axis.at(max));
        assertTrue(ticks.size() >= 3 && ticks.size() <= 8, ticks::toString);
        assertEquals(50, axis.at(ticks.get(ticks.size() - 1)), 1e-6, "the last tick is the end");
    }

    @Property
    void shouldMakeEqualRatiosEquallyLong(
            @ForAll @DoubleRange(min = 1, max = 100) double value,
            @ForAll @DoubleRange(min = 1, max = 10) double ratio) {
        Axis axis = new Axis(1, 1000, 0, 600, 3, true);

        assertEquals(axis.at(ratio), axis.at(value * ratio) - axis.at(value), 1e-6);
    }
}
