// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class ResultTest {
    @Test
    void shouldHoldAtTheBoundItself() {
        assertTrue(Bound.atMost("ratio", 1, 1).holds());
        assertTrue(Bound.atLeast("ratio", 1, 1).holds());
    }

    @Test
    void shouldNotHoldWhenBeyondTheBound() {
        assertFalse(Bound.atMost("ratio", 1.01, 1).holds());
        assertFalse(Bound.atLeast("ratio", 0.99, 1).holds());
    }

    @Test
    void shouldNotHoldWhenNothingIsKnown() {
        assertFalse(Bound.atMost("ratio", Double.NaN, 1).holds());
        assertFalse(Bound.atLeast("ratio", Double.NaN, 1).holds());
    }

    @Test
    void shouldNotHoldWhenThereIsNoPeer() {
        Figure figure = figure();

        Result result = Result.of("key", "title")
                .figure(figure)
                .atMost("ours / Python's", figure.toPython(), 1, 0.6)
                .build();

        assertFalse(result.atLeastHolds());
        assertFalse(result.aimHolds());
    }

    @Test
    void shouldHoldOnlyWhenAllBoundsDo() {
        Result result = Result.of("key", "title")
                .figure(figure())
                .atMost("first", 0.8, 1, 0.6)
                .notLess("second", 0.9, 0.5, 0.9)
                .build();

        assertTrue(result.atLeastHolds());
        assertFalse(result.aimHolds());
    }

    @Test
    void shouldHoldWhenNothingIsAskedButMeasuring() {
        assertTrue(Result.of("key", "title").figure(figure()).build().atLeastHolds());
        assertFalse(Result.failed("key", "title", "reason").atLeastHolds());
    }

    @Test
    void shouldTellTheFirstFigureAtTheTopAndTheOthersBelow() {
        Figure second = Figure.plain("second", "MB/s");

        Map<String, Object> map = Result.of("key", "title")
                .figure(figure())
                .figure(second)
                .build()
                .toMap();

        assertEquals(2.0, map.get("median"));
        assertEquals(2.98, (Double) map.get("p99"), 1e-9);
        assertEquals(4.0, map.get("limit_median"));
        assertEquals(0.5, map.get("ratio_to_limit"));
        assertEquals(java.util.List.of(second.toMap()), map.get("more"));
        assertFalse(second.toMap().containsKey("p99"), "a rate has no tail");
    }

    private static Figure figure() {
        Figure figure = Figure.latency("first", "us");
        figure.ours().addAll(1, 2, 3);
        figure.limit().addAll(4);
        return figure;
    }
}
