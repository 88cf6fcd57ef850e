// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.work;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class RelayTest {
    @Test
    void shouldHaveARateAlsoWhereTheSystemCountedNoProcessorTime() {
        assertEquals(5, Relay.perCore(10, 2));
        assertEquals(1_000, Relay.perCore(10, 0));
    }
}
