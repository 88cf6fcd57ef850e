// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SamplesTest {
    @Test
    void shouldTakeTheMiddleOfTheTwoInTheMiddle() {
        assertEquals(2.5, Samples.of(4, 1, 3, 2).median());
        assertEquals(3, Samples.of(4, 1, 3).median());
    }

    @Test
    void shouldLeaveOutOneOfAHundredForTheTail() {
        double[] hundred = IntStream.rangeClosed(0, 100).asDoubleStream().toArray();

        assertEquals(99, Samples.of(hundred).p99());
    }

    @Test
    void shouldKnowNothingOfNoSamples() {
        Samples none = new Samples();

        assertTrue(none.isEmpty());
        assertTrue(Double.isNaN(none.median()), "median " + none.median());
        assertTrue(Double.isNaN(none.p99()), "p99 " + none.p99());
    }
}
