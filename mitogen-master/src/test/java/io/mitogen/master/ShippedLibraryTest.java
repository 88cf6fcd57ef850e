// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ShippedLibraryTest {
    @Test
    void shouldTryAgainWhatCouldNotBeMadeAndMakeItOnce() {
        byte[] pack = {1};
        Supplier<byte[]> failing = () -> {
            throw new OutOfMemoryError("no memory at the moment");
        };
        Deque<Supplier<byte[]>> makers = new ArrayDeque<>(List.of(failing, () -> pack));
        ShippedLibrary.Made made = new ShippedLibrary.Made(() -> makers.remove().get());

        assertEquals(
                "no memory at the moment",
                assertThrows(OutOfMemoryError.class, made::get).getMessage());
        assertSame(pack, made.get());
        assertSame(pack, made.get());
    }

    @Test
    void shouldMakeEachPackOnceForAll() {
        assertSame(ShippedLibrary.corePayload(), ShippedLibrary.corePayload());
        assertSame(ShippedLibrary.coreRest(), ShippedLibrary.coreRest());
        assertSame(ShippedLibrary.parentClasses(), ShippedLibrary.parentClasses());
    }
}
