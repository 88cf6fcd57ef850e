// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

final class UtcTimeProperties {
    private static final long END_OF_9999_MS = 253_402_300_799_999L;
    private static final DateTimeFormatter JDK = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    @Property
    void shouldWriteWhatTheJdkWritesForAnyTime(@ForAll @LongRange(max = END_OF_9999_MS) long epochMs) {
        assertEquals(JDK.format(Instant.ofEpochMilli(epochMs)), UtcTime.of(epochMs));
    }

    @Property
    void shouldWriteWhatTheJdkWritesForTheEndsOfDays(@ForAll @LongRange(max = 2_932_896) long day) {
        long firstMs = Math.multiplyExact(day, 86_400_000L);
        assertEquals(JDK.format(Instant.ofEpochMilli(firstMs)), UtcTime.of(firstMs));
        assertEquals(JDK.format(Instant.ofEpochMilli(firstMs + 86_399_999)), UtcTime.of(firstMs + 86_399_999));
    }
}
