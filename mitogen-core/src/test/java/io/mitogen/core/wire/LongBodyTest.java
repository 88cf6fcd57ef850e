// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.core.testing.WireBytes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Which parts a long body gets, and how much memory it takes before its bytes are there. */
final class LongBodyTest {
    private static final int MIB = 1024 * 1024;

    @Test
    void shouldGiveAnArrayOfItsOwnToTheStringThatIsMostOfAPickle() {
        byte[] string = WireBytes.pattern(3 * MIB);
        byte[] pickle = PickleWriter.toBytes(Tuple.of("some", "words", string, 7));
        byte[][] parts = gathered(pickle, 5_000);
        assertEquals(3, parts.length);
        assertArrayEquals(string, parts[1]);
        assertArrayEquals(pickle, PickleWriter.join(parts));
    }

    @Test
    void shouldBeOnePartWhenSeveralStringsShareIt() {
        byte[] pickle = PickleWriter.toBytes(Tuple.of(WireBytes.pattern(MIB), WireBytes.pattern(MIB)));
        byte[][] parts = gathered(pickle, 100_000);
        assertEquals(1, parts.length);
        assertArrayEquals(pickle, parts[0]);
    }

    @Test
    void shouldSetAsideAtMostAMebibyteForTheFirstBytesOfABodyAndEightTimesWhatCameLater() {
        LongBody body = new LongBody(100 * MIB);
        body.put(ByteBuffer.wrap(WireBytes.pattern(2_000)));
        assertEquals(MIB, body.parts()[0].length);
        body.put(ByteBuffer.wrap(WireBytes.pattern(MIB)));
        assertEquals(8 * MIB, body.parts()[0].length);
    }

    private static byte[][] gathered(byte[] bytes, int cut) {
        LongBody body = new LongBody(bytes.length);
        for (int at = 0; at < bytes.length; at += cut) {
            body.put(ByteBuffer.wrap(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + cut))));
        }
        return body.parts();
    }
}
