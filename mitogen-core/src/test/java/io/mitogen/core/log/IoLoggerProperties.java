// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class IoLoggerProperties {
    @Property(tries = 200)
    void shouldLogTheSameHoweverTheBytesAreCut(@ForAll Random random, @ForAll @IntRange(max = 50_000) int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        if (random.nextBoolean()) {
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) (bytes[i] | 0x80); // without line ends, as long lines need
            }
        }
        LogLines whole = new LogLines();
        IoLogger atOnce = new IoLogger("stdout", whole);
        atOnce.write(bytes, 0, length);
        atOnce.close();

        LogLines pieces = new LogLines();
        IoLogger inPieces = new IoLogger("stdout", pieces);
        for (int at = 0; at < length; ) {
            int count = Math.min(length - at, 1 + random.nextInt(random.nextBoolean() ? 5 : 20_000));
            inPieces.write(bytes, at, count);
            at += count;
        }
        inPieces.close();

        assertEquals(List.copyOf(whole.lines), pieces.lines);
    }
}
