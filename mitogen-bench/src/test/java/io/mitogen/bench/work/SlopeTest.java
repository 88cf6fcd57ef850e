// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.work;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class SlopeTest {
    @Test
    void shouldBeTheGrowthOfAStraightLine() {
        assertEquals(7, CallRttHops.slope(new int[] {1, 2, 3, 5, 8}, new double[] {17, 24, 31, 45, 66}), 1e-9);
    }

    @Test
    void shouldNotBeSwayedByErrorsThatCancelOut() {
        assertEquals(7, CallRttHops.slope(new int[] {1, 2, 3}, new double[] {18, 24, 32}), 1e-9);
    }
}
