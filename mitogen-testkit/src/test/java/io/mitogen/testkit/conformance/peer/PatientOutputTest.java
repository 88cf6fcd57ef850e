// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PatientOutputTest {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Takes nothing until it is closed. */
    private static final class Deaf extends OutputStream {
        private final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public void write(int b) throws IOException {
            try {
                closed.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    @Test
    void shouldWriteInOrderAndClose() throws IOException {
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        PatientOutput out = new PatientOutput("test", taken, LONG);
        out.write(new byte[] {1, 2});
        out.write(new byte[] {3});
        out.close();
        assertArrayEquals(new byte[] {1, 2, 3}, taken.toByteArray());
    }

    @Test
    void shouldWaitNoLongerThanItsPatience() throws IOException, InterruptedException {
        Deaf deaf = new Deaf();
        PatientOutput out = new PatientOutput("test", deaf, SHORT);
        IOException e = assertThrows(IOException.class, () -> out.write(new byte[] {1}));
        assertTrue(e.getMessage().startsWith("the other side has read nothing"), e.getMessage());
        assertThrows(IOException.class, () -> out.write(new byte[] {2}));
        out.close();
        assertTrue(deaf.closed.await(LONG.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void shouldEndALinkToAProcessThatDoesNotRead() throws IOException {
        ChildProcess process = new ChildProcess(List.of("/bin/sh", "-c", "exec sleep 600"));
        Link.Streams streams = new Link.Streams(InputStream.nullInputStream(), process.out());
        Link link = new Link("test", 0, 1, streams, Session.of(SHORT));
        Deviation e = assertThrows(Deviation.class, () -> link.write(new byte[1 << 20]));
        assertEquals("the other side reads what is sent", e.expected());
        link.close();
        process.stop(SHORT);
        assertFalse(process.isAlive());
    }
}
