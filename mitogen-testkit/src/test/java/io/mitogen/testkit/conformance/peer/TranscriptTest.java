// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.PickleOut;
import io.mitogen.testkit.conformance.wire.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people read of a case that failed: fields by their names, values, and bytes. */
final class TranscriptTest {
    private final Transcript transcript = new Transcript();

    private static Frame frame(int handle, int replyTo, byte[] body) {
        return new Frame(Frame.MGC, 1, 0, 0, handle, replyTo, body);
    }

    @Test
    void shouldNameFieldsAsTheSpecificationDoes() {
        transcript.sent("to context 1", frame(Handle.CALL_FUNCTION, 1003, PickleOut.toBytes(Tuple.of(null, "os"))));
        List<String> lines = transcript.lines();
        assertTrue(
                lines.get(0)
                        .endsWith(
                                "> to context 1: dst_id 1, src_id 0, auth_id 0, handle 101 CALL_FUNCTION, reply_to 1003, length 12"),
                lines::toString);
        assertEquals("pickle: (None, 'os')", lines.get(1).strip());
        assertEquals(
                "4d49 00000001 00000000 00000000 00000065 000003eb 0000000c | 80024e58020000006f73862e",
                lines.get(2).strip());
    }

    @Test
    void shouldShowTextsAndReasons() {
        transcript.received("x", frame(Handle.ADD_ROUTE, 0, "2:a".getBytes(StandardCharsets.UTF_8)));
        transcript.received("x", frame(1000, Frame.DEAD, "gone".getBytes(StandardCharsets.UTF_8)));
        transcript.received("x", frame(Handle.SHUTDOWN, 0, new byte[0]));
        transcript.received("x", frame(1000, 0, new byte[] {1, 2}));
        transcript.sent("x", new byte[] {-1, 0});
        List<String> lines = transcript.lines().stream().map(String::strip).toList();
        assertEquals("text: '2:a'", lines.get(1));
        assertEquals("dead message: 'gone'", lines.get(4));
        assertEquals("no body", lines.get(7));
        assertTrue(lines.get(10).startsWith("no pickle: "), lines::toString);
        assertEquals("ff00", lines.get(13));
    }

    @Test
    void shouldKeepTheLastEntriesOnlyWhenThereAreMany() {
        for (int i = 0; i < 1000; i++) {
            transcript.received("x", "line " + i);
        }
        List<String> lines = transcript.lines();
        assertEquals("(940 earlier entries are left out)", lines.get(0));
        assertTrue(lines.get(60).endsWith("< x: line 999"), lines::toString);
        transcript.begin();
        assertEquals(List.of(), transcript.lines());
    }

    @Test
    void shouldTellWhatBytesAreThatAreNoFrames() {
        transcript.sent(
                "x",
                Modules.deflated(
                        "a core\nExternalContext({'context_id': 1}).main()\n".getBytes(StandardCharsets.UTF_8)));
        transcript.sent("x", frame(Handle.SHUTDOWN, 0, new byte[7]).toBytes());
        transcript.sent("x", new byte[] {0x78, 1, 2, 3});
        List<String> lines = transcript.lines();
        assertTrue(lines.get(0).endsWith("last line \"ExternalContext({'context_id': 1}).main()\""), lines::toString);
        assertTrue(
                lines.get(2)
                        .endsWith(
                                ": 33 bytes, as a header: enc 4d49, dst_id 1, src_id 0, auth_id 0, handle 106, reply_to 0, length 7"),
                lines::toString);
        assertTrue(lines.get(4).endsWith(": 4 bytes"), lines::toString);
    }

    /** A context may be sent, and may send, what no memory holds as text. */
    @Test
    void shouldStayShortWhenValuesAreHostile() {
        StringBuilder doubling = new StringBuilder("]q\0");
        for (int i = 1; i <= 60; i++) {
            doubling.append("]q")
                    .append((char) i)
                    .append("(h")
                    .append((char) (i - 1))
                    .append('h')
                    .append((char) (i - 1));
            doubling.append('e');
        }
        String deep = "]".repeat(100_000) + "a".repeat(99_999);
        for (String ops : List.of(doubling.toString(), deep)) {
            transcript.received("x", frame(1000, 0, ("\u0080\2" + ops + ".").getBytes(StandardCharsets.ISO_8859_1)));
        }
        transcript.received("x", frame(1000, 0, PickleOut.toBytes("x".repeat(5_000_000))));
        transcript.lines().forEach(line -> assertTrue(line.length() < 1000, line));
    }
}
