// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.buffer.BufferPool;
import io.mitogen.core.json.Json;
import io.mitogen.core.testing.WireBytes;
import io.mitogen.core.wire.FrameReader;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import io.mitogen.core.wire.MessageHeader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole recorded sessions between real parents and children: every frame is found in the stream, every pickle in it read. */
final class SessionVectorsTest {
    /** Bytes fed at once: no frame ends where a piece does. */
    private static final int PIECE = 7;

    private static final List<Integer> PICKLED =
            List.of(Handles.CALL_FUNCTION, Handles.LOAD_MODULE, Handles.CALL_SERVICE, Handles.GET_RESOURCE);

    @ParameterizedTest
    @ValueSource(strings = {"0.3.3", "0.3.52dev", "0.3.52dev_py27-children"})
    void shouldReadWholeSessions(String version) {
        Map<String, Object> sessions = Json.object(
                Json.resource("/vectors/sessions_mitogen-" + version + ".json").get("sessions"));
        int pickles = 0;
        for (Map.Entry<String, Object> session : sessions.entrySet()) {
            List<Map<String, Object>> frames = Json.objects(session.getValue());
            List<Message> messages = read(frames);
            assertEquals(frames.size(), messages.size(), session.getKey());
            for (int i = 0; i < messages.size(); i++) {
                pickles += check(session.getKey() + " " + i, frames.get(i), messages.get(i));
            }
        }
        assertTrue(pickles > 100, "only " + pickles + " pickles");
    }

    private static List<Message> read(List<Map<String, Object>> frames) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (Map<String, Object> frame : frames) {
            byte[] body = WireBytes.unhex((String) frame.get("data_hex"));
            wire.writeBytes(WireBytes.unhex((String) frame.get("enc")));
            ByteBuffer ids = ByteBuffer.allocate(24);
            for (String field : List.of("dst_id", "src_id", "auth_id", "handle", "reply_to")) {
                ids.putInt(((Long) frame.get(field)).intValue());
            }
            wire.writeBytes(ids.putInt(body.length).array());
            wire.writeBytes(body);
        }
        List<Message> messages = new ArrayList<>();
        FrameReader reader = new FrameReader(new BufferPool(4096, 4), MessageHeader.DEFAULT_MAX_BODY_BYTES, 0);
        byte[] bytes = wire.toByteArray();
        for (int at = 0; at < bytes.length; at += PIECE) {
            byte[] piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + PIECE));
            reader.feed(ByteBuffer.wrap(piece), frame -> messages.add(frame.toMessage()));
        }
        return messages;
    }

    /** Returns how many pickles the message has. */
    private static int check(String what, Map<String, Object> frame, Message message) {
        assertEquals(((Long) frame.get("dst_id")).intValue(), message.dst(), what);
        assertEquals(((Long) frame.get("src_id")).intValue(), message.src(), what);
        assertEquals(((Long) frame.get("handle")).intValue(), message.handle(), what);
        assertEquals(frame.get("data_hex"), WireBytes.hex(message.body()), what);
        boolean isReply = message.handle() >= Handles.FIRST_DYNAMIC && !message.isDead();
        if (message.handle() == Handles.LOAD_RESOURCE) {
            List<Object> both = PickleReader.readAll(message.body(), Globals.NONE);
            assertEquals(2, both.size(), what);
            return both.size();
        }
        if (!PICKLED.contains(message.handle()) && !isReply || frame.get("enc").equals("4d4b")) {
            return 0;
        }
        Object value = PickleReader.fromBytes(message.body(), TestGlobals.ALL);
        Object again = PickleReader.fromBytes(PickleWriter.toBytes(value), TestGlobals.ALL);
        assertTrue(Structure.isEqual(value, again), what + ": " + value + " came back as " + again);
        return 1;
    }
}
