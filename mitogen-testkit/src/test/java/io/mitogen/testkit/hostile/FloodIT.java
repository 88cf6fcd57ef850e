// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.wire.Handles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A child that fills the memory of a small master: it loses its link, and no other is harmed. */
@Timeout(120)
final class FloodIT {
    private static final int MIB = 1 << 20;

    private SmallMaster master;
    private final List<HostileChild> children = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        master = new SmallMaster();
    }

    @AfterEach
    void stop() throws IOException {
        for (HostileChild child : children) {
            child.close();
        }
        master.close();
    }

    private HostileChild child(HostileChild.Dialect dialect) throws IOException {
        HostileChild child = master.child(dialect);
        children.add(child);
        return child;
    }

    private void assertUnharmed() throws IOException {
        assertEquals("well", master.ask("call well"));
        long used = Long.parseLong(master.ask("used"));
        assertTrue(used < 40 * MIB, used + " bytes are used");
    }

    /** Sends {@code frame} {@code times} times, or until the link is closed. */
    static void flood(HostileChild child, int times, byte[] frame) {
        int together = Math.max(1, 64 * 1024 / frame.length);
        ByteBuffer many = ByteBuffer.allocate(together * frame.length);
        while (many.hasRemaining()) {
            many.put(frame);
        }
        try {
            for (int sent = 0; sent < times; sent += together) {
                child.write(many.array());
            }
        } catch (IOException expected) {
            // the master has had enough
        }
    }

    private static byte[] frame(HostileChild from, int handle, int replyTo, byte[] body) {
        return HostileChild.frame(0, from.id(), from.id(), handle, replyTo, body);
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndTheLinkOfAChildWhoseRequestsQueueUp(HostileChild.Dialect dialect) throws IOException {
        HostileChild hostile = child(dialect);
        String name = dialect == HostileChild.Dialect.JVM ? "no/Such.class" : "no_such";
        flood(hostile, 1_000_000, frame(hostile, Handles.GET_MODULE, 0, name.getBytes(UTF_8)));
        String reason = master.ask("gone 0");
        assertTrue(reason.startsWith("it does not read: "), reason);
        assertUnharmed();
    }

    @ParameterizedTest
    @EnumSource
    void shouldSkipRequestsForLongNames(HostileChild.Dialect dialect) throws IOException {
        HostileChild hostile = child(dialect);
        byte[] name = "n/".repeat(95_000).getBytes(UTF_8);
        flood(hostile, 600, frame(hostile, Handles.GET_MODULE, 0, name));
        assertUnharmed();
    }

    @Test
    void shouldSkipALargeFrameThatNobodyTakes() throws IOException {
        HostileChild hostile = child(HostileChild.Dialect.JVM);
        for (int[] address : new int[][] {{0, 77}, {4711, 1000}, {0, Handles.DETACHING}, {0, Handles.FORWARD_LOG}}) {
            hostile.sendSkipped(address[0], address[1]);
        }
        assertEquals("false", master.ask("isGone 0"));
        assertUnharmed();
    }

    @Test
    void shouldEndTheLinkOfAChildThatReadsNoAnswerHoweverShort() throws IOException {
        HostileChild hostile = child(HostileChild.Dialect.JVM);
        flood(hostile, 10_000_000, frame(hostile, 77, 9001, new byte[0]));
        String reason = master.ask("gone 0");
        assertTrue(reason.startsWith("it does not read: "), reason);
        assertUnharmed();
    }

    @Test
    void shouldEndTheLinkThatHasMostWhenManySendHalfOfALargeFrame() throws IOException {
        List<HostileChild> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            HostileChild hostile = child(HostileChild.Dialect.JVM);
            byte[] body = new byte[(i == 1 ? 18 : 8) * MIB];
            byte[] frame = HostileChild.frame(1, hostile.id(), hostile.id(), 1000, 0, body); // to the sibling
            flood(hostile, 1, Arrays.copyOf(frame, body.length));
            all.add(hostile);
        }
        String reason = master.ask("gone 1");
        assertTrue(reason.startsWith("no memory for "), reason);
        assertUnharmed();
        for (int i : new int[] {0, 2, 3}) {
            assertEquals("false", master.ask("isGone " + i));
        }
    }

    @Test
    void shouldDropLogRecordsThatAreMoreThanAShareOfTheHeap() throws IOException {
        HostileChild hostile = child(HostileChild.Dialect.JVM);
        master.ask("hold");
        byte[] record = ("x\00040\000" + "y".repeat(MIB / 4)).getBytes(UTF_8);
        flood(hostile, 1_000, frame(hostile, Handles.FORWARD_LOG, 0, record));
        flood(hostile, 500_000, frame(hostile, Handles.FORWARD_LOG, 0, "x\00040\000y".getBytes(UTF_8)));
        hostile.send(0, 77, 9001, new byte[0]);
        assertEquals("invalid handle", hostile.read().text());
        assertUnharmed();
    }
}
