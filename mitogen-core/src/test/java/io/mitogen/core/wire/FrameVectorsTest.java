// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.buffer.BufferPool;
import io.mitogen.core.buffer.BufferQueue;
import io.mitogen.core.json.Json;
import io.mitogen.core.testing.WireBytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every recorded frame of two versions of Python Mitogen reads to the recorded fields and is written to the same bytes. */
final class FrameVectorsTest {
    private final BufferPool pool = new BufferPool(4096, 4);

    @ParameterizedTest
    @ValueSource(strings = {"0.3.3", "0.3.52dev"})
    void shouldReadAndWriteRecordedFrames(String version) {
        List<Map<String, Object>> vectors = Json.objects(
                Json.resource("/vectors/frames_mitogen-" + version + ".json").get("frames"));
        assertTrue(vectors.size() > 50, "only " + vectors.size() + " frames");
        for (Map<String, Object> vector : vectors) {
            check(vector);
        }
    }

    private void check(Map<String, Object> vector) {
        String hex = (String) vector.get("frame_hex");
        List<String> read = new ArrayList<>();
        new FrameReader(pool, MessageHeader.DEFAULT_MAX_BODY_BYTES, 0)
                .feed(ByteBuffer.wrap(WireBytes.unhex(hex)), frame -> {
                    read.add(fields(frame.dst(), frame.src(), frame.auth(), frame.handle(), frame.replyTo()) + " "
                            + frame.length());
                    assertEquals(vector.get("reply_to").equals(0L) ? "no" : "maybe", replies(frame), hex);
                    Message message = frame.toMessage();
                    assertEquals(vector.get("data_hex"), WireBytes.hex(message.body()), hex);
                    assertEquals(vector.get("reply_to").equals(999L), message.isDead(), hex);
                    assertEquals(hex, written(message), "as it was read");
                    assertEquals(legacy(hex), written(again(message)), "as a new message, of the legacy encoding");
                });
        long length = (Long) vector.get("length");
        assertEquals(
                List.of(fields(
                                number(vector, "dst_id"),
                                number(vector, "src_id"),
                                number(vector, "auth_id"),
                                number(vector, "handle"),
                                number(vector, "reply_to"))
                        + " " + length),
                read);
    }

    private static String replies(Frame frame) {
        return frame.replyTo() == 0 ? "no" : frame.wantsReply() || frame.replyTo() == Handles.DEAD ? "maybe" : "lost";
    }

    private static Message again(Message read) {
        return Message.to(read.dst(), read.handle(), read.replyTo(), read.body())
                .from(read.src(), read.auth());
    }

    private String written(Message message) {
        BufferQueue queue = new BufferQueue(pool, false);
        message.writeTo(queue);
        return WireBytes.hex(queue.takeBytes());
    }

    private static String legacy(String hex) {
        return "4d49" + hex.substring(4);
    }

    private static int number(Map<String, Object> vector, String field) {
        return ((Long) vector.get(field)).intValue();
    }

    private static String fields(int dst, int src, int auth, int handle, int replyTo) {
        return dst + " " + src + " " + auth + " " + handle + " " + replyTo;
    }
}
