// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class ResourcePartTest {
    @Test
    void shouldBeNamedAndRead() {
        ResourcePart read = ResourcePart.of(new ResourcePart(2, 1L << 40, "p/a b.txt").name());
        assertEquals(2, read.copy());
        assertEquals(1L << 40, read.offset());
        assertEquals("p/a b.txt", read.path());
    }

    @Test
    void shouldTakeNoCopyAndNoPlaceThatCannotBe() {
        for (String made : new String[] {"4294967295/0/a", "-1/0/a", "0/-1/a", "x/0/a", "0/y/a", "0/a", "0", "//"}) {
            assertNull(ResourcePart.of(ResourcePart.PREFIX + made), made);
        }
        assertNull(ResourcePart.of("p/a.txt"));
    }
}
