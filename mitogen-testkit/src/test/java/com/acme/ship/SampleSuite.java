// SPDX-License-Identifier: BSD-3-Clause
package com.acme.ship;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that are run in a context; no build looks for a class of this name. */
class SampleSuite {
    @Test
    void addsUp() {
        assertEquals(4, 2 + 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void squaresArePositive(int number) {
        assertTrue(number * number > 0);
    }

    @Property(tries = 20)
    void reversingTwiceChangesNothing(@ForAll List<Integer> numbers) {
        List<Integer> copy = new java.util.ArrayList<>(numbers);
        java.util.Collections.reverse(copy);
        java.util.Collections.reverse(copy);
        assertEquals(numbers, copy);
    }
}
