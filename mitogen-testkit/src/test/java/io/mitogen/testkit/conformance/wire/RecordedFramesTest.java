// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kit's frames against what was recorded between real parents and children. */
final class RecordedFramesTest {
    @ParameterizedTest
    @ValueSource(strings = {"frames_mitogen-0.3.3", "frames_mitogen-0.3.52dev"})
    void shouldReadAndWriteTheSameBytesWhenAFrameIsRecorded(String file) throws IOException {
        int count = 0;
        for (Object each : frames(file)) {
            Map<?, ?> recorded = (Map<?, ?>) each;
            if (recorded.get("frame_hex") == null) {
                continue; // its body is left out of the recording
            }
            count++;
            byte[] bytes = HexFormat.of().parseHex((String) recorded.get("frame_hex"));
            Frame frame = Frame.read(new DataInputStream(new ByteArrayInputStream(bytes)));
            assertArrayEquals(bytes, frame.toBytes());
            assertEquals(recorded.get("enc"), Integer.toHexString(frame.enc()));
            assertEquals(number(recorded, "dst_id"), frame.dst());
            assertEquals(number(recorded, "src_id"), frame.src());
            assertEquals(number(recorded, "auth_id"), frame.auth());
            assertEquals(number(recorded, "handle"), frame.handle());
            assertEquals(number(recorded, "reply_to"), frame.replyTo());
            assertEquals(number(recorded, "length"), frame.body().length);
        }
        assertTrue(count > 50, "only " + count + " frames were read");
    }

    private static List<?> frames(String file) throws IOException {
        try (InputStream in = RecordedFramesTest.class.getResourceAsStream("/vectors/" + file + ".json")) {
            Object all = Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            return (List<?>) ((Map<?, ?>) all).get("frames");
        }
    }

    private static int number(Map<?, ?> fields, String name) {
        return ((Number) fields.get(name)).intValue();
    }
}
