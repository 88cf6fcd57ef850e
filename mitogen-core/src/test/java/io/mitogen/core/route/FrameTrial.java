// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import static io.mitogen.core.testing.WireBytes.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.mitogen.core.Log;
import io.mitogen.core.LogSink;
import io.mitogen.core.loop.MemoryPeer;
import io.mitogen.core.testing.WireBytes;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rules for a master and a relay, whatever frames a child sends: its sibling is served and hears nothing in another's
 * name, nothing fails but the child's own link, and the memory used is in proportion. One thread.
 */
final class FrameTrial {
    static final int HOSTILE = 2;
    static final int SIBLING = 3;

    /** Ids that a fuzz may use: those of all contexts, and some unused ones. */
    static final int[] IDS = {0, 0, 1, 1, HOSTILE, SIBLING, 4711, -1, Integer.MIN_VALUE};

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int MAILBOX = 1000;
    private static final long MAX_PER_BYTE = 2_000;
    private static final long MAX_BESIDE = 8 << 20;

    private int hangUps;

    /** Has the child say it all, in pieces of as many bytes. */
    void check(byte[] said, int piece) {
        check(said, piece, 0);
        check(said, piece, 1, 0);
    }

    /** Returns how many links were ended. */
    int hangUps() {
        return hangUps;
    }

    private void check(byte[] said, int piece, int id, int... parentIds) {
        List<String> errors = new ArrayList<>();
        RouterFixture fixture = new RouterFixture(errorsTo(errors), false, id, parentIds);
        fixture.handle(MAILBOX);
        MemoryPeer hostile = fixture.child(HOSTILE);
        MemoryPeer sibling = fixture.child(SIBLING);
        long before = allocated();
        for (int at = 0; at < said.length; at += piece) {
            hostile.say(Arrays.copyOfRange(said, at, Math.min(said.length, at + piece)));
        }
        fixture.driver.settle();
        long bytes = allocated() - before;
        assertTrue(bytes <= MAX_BESIDE + MAX_PER_BYTE * said.length, bytes + " bytes of memory");
        assertEquals(List.of(), errors);
        hangUps += hostile.isClosed() ? 1 : 0;
        assertHearsNoForgery(sibling, id);
        if (fixture.parent != null) {
            assertHearsNoForgery(fixture.parent, id);
        }
        fixture.handled();
        sibling.say(frame(id, SIBLING, SIBLING, MAILBOX, 0, "well"));
        assertEquals(List.of(id + " 3 3 1000 0 well"), fixture.handled(), "the sibling's message");
    }

    private static void assertHearsNoForgery(MemoryPeer peer, int router) {
        for (Message message : WireBytes.messages(peer.takeBytes())) {
            boolean isOfRouter = message.src() == router && message.auth() == router;
            boolean isOfHostile = message.src() == HOSTILE && message.auth() == HOSTILE;
            boolean mayTell = message.handle() == Handles.DEL_ROUTE || message.isDead();
            assertTrue(isOfHostile || isOfRouter && mayTell, () -> "heard " + WireBytes.show(message));
        }
    }

    private static LogSink errorsTo(List<String> errors) {
        return new LogSink() {
            @Override
            public boolean isEnabled(int level) {
                return true;
            }

            @Override
            public void log(String logger, int level, String text) {
                boolean isOfException = text.contains("Exception") && !text.contains("CorruptStreamException");
                if (level >= Log.ERROR && isOfException) {
                    errors.add(text);
                }
            }
        };
    }

    private static long allocated() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    /** Returns an input of a file: four bytes with the length of a piece, then the frames. */
    static byte[] recorded(byte[] said, int piece) {
        return ByteBuffer.allocate(Integer.BYTES + said.length)
                .putInt(piece)
                .put(said)
                .array();
    }

    /** Checks an input that {@link #recorded} made. */
    void checkRecorded(byte[] input) {
        check(
                Arrays.copyOfRange(input, Integer.BYTES, input.length),
                ByteBuffer.wrap(input).getInt());
    }
}
