// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.testkit.conformance.wire.Frame;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long a case waits, and what it tells of a stream that is none of frames. */
@Timeout(60)
final class LinkTest {
    private static final Duration NO_PATIENCE = Duration.ofMillis(1);
    private static final Duration ALLOWANCE = Duration.ofSeconds(50);

    private final Session session = Session.of(NO_PATIENCE);

    private Link link(InputStream in) {
        Link.Streams streams = new Link.Streams(in, OutputStream.nullOutputStream());
        return new Link("test", 0, 1, streams, session).start(frame -> {});
    }

    @Test
    void shouldWaitAsLongAsARuleAllowsWhenTheUserHasNoPatience() throws Exception {
        PipedOutputStream other = new PipedOutputStream();
        Link link = link(new PipedInputStream(other));
        assertThrows(Deviation.class, () -> link.awaitEnd("the end"));
        Thread ending = new Thread(() -> {
            try {
                other.write(new Frame(Frame.MGC, 0, 1, 1, 1000, 0, new byte[0]).toBytes());
                other.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        ending.start();
        assertEquals(1000, link.await(0, "a frame", frame -> true, ALLOWANCE).handle());
        link.awaitEnd("the end", ALLOWANCE);
        ending.join();
        assertFalse(link.isOpen());
    }

    @Test
    void shouldBePatientWithStartsWhenOneHasSucceeded() {
        assertEquals(NO_PATIENCE, session.startPatience());
        session.processes().started();
        assertEquals(NO_PATIENCE.plus(Limits.START), session.startPatience());
    }

    @Test
    void shouldShowTheBytesOfAHeaderThatIsNone() throws Deviation {
        byte[] header = new byte[Frame.HEADER_BYTES];
        header[0] = 'X';
        Link link = link(new ByteArrayInputStream(header));
        link.awaitEnd("the end", ALLOWANCE);
        String line = String.join("\n", session.transcript().lines());
        assertTrue(line.contains("a frame begins with 5800, not with 4d49, 4d4a or 4d4b: 580000"), line);
    }
}
