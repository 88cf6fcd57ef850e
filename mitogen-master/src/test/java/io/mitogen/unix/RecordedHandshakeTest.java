// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.unix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.connect.InProcess;
import io.mitogen.core.call.Context;
import io.mitogen.core.json.Json;
import io.mitogen.core.testing.WireBytes;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import io.mitogen.master.Mitogen;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What Python's listener and a raw client said to each other, and what ours says in the same situation. */
final class RecordedHandshakeTest {
    private static final Map<String, Object> RECORDED = Json.resource("/vectors/unix_handshake.json");
    private static final List<Map<String, Object>> FRAMES = Json.objects(RECORDED.get("frames"));
    private static final String HELLO =
            (String) Json.object(RECORDED.get("client_hello")).get("example_hex");
    private static final int RECORDED_PID = 3207;

    @RegisterExtension
    final LoggedWarnings warnings = new LoggedWarnings();

    @TempDir
    private Path folder;

    @Test
    void shouldWriteAndReadTheRecordedHandshake() {
        byte[] reply = WireBytes.unhex(
                (String) Json.object(RECORDED.get("listener_reply")).get("example_hex"));
        byte[] second = WireBytes.unhex((String) RECORDED.get("second_client_reply_hex"));

        assertArrayEquals(WireBytes.unhex(HELLO), Welcome.hello(RECORDED_PID));
        assertArrayEquals(reply, new Welcome(2, 0, RECORDED_PID).toBytes());
        assertEquals(new Welcome(2, 0, RECORDED_PID), Welcome.of(ByteBuffer.wrap(reply)));
        assertEquals(new Welcome(1003, 0, RECORDED_PID), Welcome.of(ByteBuffer.wrap(second)));
    }

    @Test
    void shouldSayWhatPythonSaidInTheSameSituation() throws Exception {
        Path path = folder.resolve("recorded.sock");
        Mitogen.run(router -> {
            Context first = router.connect(InProcess.create());
            UnixListener.open(router, path);
            assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(path));
            int pid = (int) ProcessHandle.current().pid();
            try (RawClient two = RawClient.joined(path, HELLO)) {
                assertEquals(new Welcome(2, 0, pid), two.welcome());
                two.send(WireBytes.frame(0, 2, 2, Handles.ALLOCATE_ID, 7, ""));
                assertEquals(7, two.message().handle());
                try (RawClient other = RawClient.joined(path, HELLO)) {
                    assertEquals(new Welcome(1003, 0, pid), other.welcome());
                    two.send(WireBytes.frame(1003, 2, 2, 1234, 9, "whatever"));
                    checkRecorded("message from client 2 to client 1003", other.message());
                }
                assertEquals("2 0 0 104 0", withoutBody(two.message()), "the other client is gone");
                two.send(callAsRecorded());
                assertEquals("2 1 1 1 0", withoutBody(two.message()), "an answer of context 1");
                first.shutdown();
                checkRecorded("context 1 disappeared", two.message());
                two.send(WireBytes.frame(1, 2, 2, Handles.CALL_FUNCTION, 8, ""));
                checkRecorded("call to a vanished context", two.message());
            }
        });
    }

    private static void checkRecorded(String comment, Message found) {
        Map<String, Object> frame = FRAMES.stream()
                .filter(each -> ((String) each.get("comment")).startsWith(comment))
                .findFirst()
                .orElseThrow();
        Map<String, Object> expected = new HashMap<>(Json.object(frame.get("fields")));
        expected.remove("enc"); // a relay keeps what it gets, and what is written here is legacy
        Map<String, Object> actual = new HashMap<>();
        actual.put("dst_id", (long) found.dst());
        actual.put("src_id", (long) found.src());
        actual.put("auth_id", (long) found.auth());
        actual.put("handle", (long) found.handle());
        actual.put("reply_to", (long) found.replyTo());
        if (expected.containsKey("data")) {
            actual.put("data", found.text().replaceFirst("(my ID is 0): .*", "$1")); // which Python does not add
        }
        assertEquals(expected, actual, comment);
    }

    private static String withoutBody(Message message) {
        return message.dst() + " " + message.src() + " " + message.auth() + " " + message.handle() + " "
                + message.replyTo();
    }

    /** The header of a call as recorded, and a body of its length, which is no pickle. */
    private static byte[] callAsRecorded() {
        byte[] header = WireBytes.unhex(FRAMES.stream()
                .filter(frame -> frame.get("mitogen").equals("0.3.3"))
                .map(frame -> (String) frame.get("header_hex"))
                .findFirst()
                .orElseThrow());
        return WireBytes.join(header, new byte[header[header.length - 1]]);
    }
}
