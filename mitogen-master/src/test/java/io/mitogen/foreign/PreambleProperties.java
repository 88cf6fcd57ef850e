// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.foreign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** For any way in which the bytes may come, and any bytes. */
class PreambleProperties {
    @Property
    void shouldReadThePreambleAndNothingElseHoweverItIsCut(@ForAll long seed, @ForAll byte[] after) throws IOException {
        byte[] preamble = Preambles.of(Preambles.NEW_CONFIG);
        byte[] both = java.util.Arrays.copyOf(preamble, preamble.length + after.length);
        System.arraycopy(after, 0, both, preamble.length, after.length);
        PushbackInputStream in = Preambles.stream(cut(both, new Random(seed)));

        assertEquals(1L, Preamble.read(in).config().get("context_id"));

        assertArrayEquals(after, in.readAllBytes());
    }

    @Property
    void shouldReadOrRefuseAPreambleWithAnyByteBroken(@ForAll int at, @ForAll byte wrong) {
        byte[] preamble = Preambles.of(Preambles.OLD_CONFIG);
        preamble[Math.floorMod(at, preamble.length)] = wrong;
        read(preamble);
    }

    @Property
    void shouldReadOrRefuseAnyBytes(@ForAll byte[] garbage) {
        read(garbage);
        read(Preambles.deflate(garbage));
    }

    private static void read(byte[] bytes) {
        try {
            Preamble.read(Preambles.stream(new ByteArrayInputStream(bytes)));
        } catch (IOException expected) {
            // any other exception fails
        }
    }

    private static InputStream cut(byte[] bytes, Random random) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public int read(byte[] buffer, int offset, int limit) {
                return super.read(buffer, offset, Math.min(limit, 1 + random.nextInt(200)));
            }
        };
    }
}
