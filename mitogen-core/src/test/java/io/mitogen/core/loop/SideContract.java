// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.concurrent.Threads;
import io.mitogen.core.testing.Eventually;
import io.mitogen.core.testing.QuietLogExtension;
import io.mitogen.core.testing.WireBytes;
import io.mitogen.core.wire.Message;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What every pair of sides promises, whatever carries the bytes. */
abstract class SideContract {
    private static final Duration LONG = Duration.ofSeconds(25);
    private static final int MIB = 1024 * 1024;
    private static final int HEADER = 26;

    @RegisterExtension
    final QuietLogExtension log = new QuietLogExtension();

    final Broker broker = Broker.start("contract", 200, log.sink());
    private final RecordingProtocol protocol = new RecordingProtocol();
    private Ends ends;
    private Stream stream;

    /** Two sides and the raw far end of each. */
    record Ends(ReceiveSide receive, TransmitSide transmit, InputStream farIn, OutputStream farOut) {}

    abstract Ends open() throws IOException;

    @BeforeEach
    void openStream() throws IOException {
        ends = open();
        stream = new Stream(broker, getClass().getSimpleName(), ends.receive(), ends.transmit());
        assertFalse(stream.send(Message.text(1, 2, "too early")), "sent before the start");
        stream.protocol(protocol);
        inTurn(() -> {
            try {
                stream.open();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @AfterEach
    void close() throws IOException {
        inTurn(() -> stream.close("the test is over"));
        ends.farOut().close();
        ends.farIn().close();
        broker.close();
        assertFalse(broker.thread().isAlive(), "the broker's thread");
        Eventually.until(LONG, "the stream's threads end", () -> threadsOf(stream) == 0);
        Eventually.until(LONG, "all chunks are back", () -> broker.pool().lentChunks() == 0);
    }

    @Test
    void shouldSendALargeBlockWhole() throws Exception {
        FutureTask<Boolean> sent = started(() -> stream.send(Message.to(1, 2, 3, WireBytes.pattern(5 * MIB))));
        Message received = read(new DataInputStream(ends.farIn()));
        assertArrayEquals(WireBytes.pattern(5 * MIB), received.body());
        assertTrue(get(sent));
        Eventually.until(LONG, "nothing is queued", () -> stream.queuedBytes() == 0);
    }

    @Test
    void shouldReceiveALargeBlockWhole() throws Exception {
        ends.farOut().write(WireBytes.pattern(5 * MIB));
        Eventually.until(LONG, "all bytes", () -> protocol.count() == 5 * MIB);
        assertArrayEquals(WireBytes.pattern(5 * MIB), protocol.bytes());
    }

    @Test
    void shouldSendWholeItemsInTheOrderOfEachThreadInsideAndOutsideOfTurns() throws Exception {
        int threads = 4;
        int items = 400;
        List<FutureTask<Boolean>> senders = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int own = t;
            senders.add(started(() -> {
                for (int i = 0; i < items; i++) {
                    Message message = Message.to(own, i, 0, WireBytes.pattern(i % 10 == 0 ? 20_000 : i));
                    if (own % 2 == 0) {
                        assertTrue(stream.send(message));
                    } else {
                        inTurn(() -> assertTrue(stream.send(message)));
                    }
                }
                return true;
            }));
        }
        int[] next = new int[threads];
        DataInputStream in = new DataInputStream(ends.farIn());
        for (int i = 0; i < threads * items; i++) {
            Message message = read(in);
            int number = next[message.dst()]++;
            assertEquals(number, message.handle(), "of thread " + message.dst());
            assertArrayEquals(WireBytes.pattern(number % 10 == 0 ? 20_000 : number), message.body());
        }
        for (FutureTask<Boolean> sender : senders) {
            assertTrue(get(sender));
        }
    }

    @Test
    void shouldSendInOrderWhatMayWaitForMoreAlsoWhenNothingFollows() throws Exception {
        DataInputStream in = new DataInputStream(ends.farIn());
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 100; i++) {
                boolean hasFollower = i % 3 == 2;
                Message message = Message.to(1, i, 3, WireBytes.pattern(i == 50 ? 20_000 : 10));
                assertTrue(hasFollower ? stream.send(message) : stream.sendSoon(message));
            }
            for (int i = 0; i < 100; i++) {
                assertEquals(i, read(in).handle());
            }
            Eventually.until(LONG, "nothing is queued", () -> stream.queuedBytes() == 0);
        }
    }

    @Test
    void shouldSendLentArraysAsTheyWereWhenTheyWereKept() throws Exception {
        byte[] lent = WireBytes.pattern(MIB);
        byte[][] parts = {new byte[10], lent, new byte[20]};
        inTurn(() -> stream.send(Message.to(1, 2, 3, parts)));
        stream.keepLent(parts);
        Arrays.fill(lent, (byte) 0);
        byte[] received = read(new DataInputStream(ends.farIn())).body();
        assertArrayEquals(WireBytes.join(new byte[10], WireBytes.pattern(MIB), new byte[20]), received);
    }

    @Test
    void shouldSendWhatIsSentInEachTurnAndBetweenThem() throws Exception {
        DataInputStream in = new DataInputStream(ends.farIn());
        for (int i = 0; i < 3; i++) {
            inTurn(() -> assertTrue(stream.send(Message.text(1, 2, "inside"))));
            assertEquals("inside", read(in).text());
            assertTrue(stream.send(Message.text(1, 2, "outside")));
            assertEquals("outside", read(in).text());
        }
    }

    @Test
    void shouldNotBlockATurnWhenThePeerReadsSlowlyAndSendAllInTheEnd() throws Exception {
        int items = 40;
        inTurn(() -> {
            for (int i = 0; i < items; i++) {
                assertTrue(stream.send(Message.to(1, i, 0, WireBytes.pattern(200_000))));
            }
        });
        AtomicBoolean alive = new AtomicBoolean();
        inTurn(() -> alive.set(true));
        assertTrue(alive.get());
        assertTrue(stream.queuedBytes() > 0 && stream.queuedBytes() <= items * 200_026L, "" + stream.queuedBytes());
        DataInputStream in = new DataInputStream(ends.farIn());
        for (int i = 0; i < items; i++) {
            assertEquals(i, read(in).handle());
        }
        Eventually.until(LONG, "nothing is queued", () -> stream.queuedBytes() == 0);
    }

    @Test
    void shouldServeAPeerThatReadsByteByByte() throws Exception {
        FutureTask<Boolean> sent = started(() -> stream.send(Message.to(1, 2, 3, WireBytes.pattern(90_000))));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (bytes.size() < HEADER + 90_000) {
            bytes.write(ends.farIn().read());
        }
        assertArrayEquals(
                WireBytes.pattern(90_000),
                WireBytes.messages(bytes.toByteArray()).get(0).body());
        assertTrue(get(sent));
    }

    @Test
    void shouldServeAPeerThatWritesByteByByte() throws Exception {
        byte[] bytes = WireBytes.pattern(500);
        for (byte one : bytes) {
            ends.farOut().write(one);
        }
        Eventually.until(LONG, "all bytes", () -> protocol.count() == bytes.length);
        assertArrayEquals(bytes, protocol.bytes());
    }

    @Test
    void shouldCloseOnceWhenThePeerHangsUp() throws Exception {
        ends.farOut().write(new byte[10]);
        ends.farOut().close();
        Eventually.until(LONG, "the end is told", () -> !protocol.steps.isEmpty());
        assertEquals(10, protocol.count());
        assertEquals(-1, ends.farIn().read(), "the other direction is closed as well");
        assertFalse(stream.send(Message.text(1, 2, "too late")));
        inTurn(() -> stream.close("again"));
        assertEquals(List.of("closed: " + Stream.HANG_UP), protocol.steps);
    }

    @Test
    void shouldCloseWhenThePeerStopsReading() throws Exception {
        ends.farIn().close();
        Eventually.until(LONG, "the failure is told", () -> {
            stream.send(Message.to(1, 2, 0, new byte[1_000]));
            return !protocol.steps.isEmpty();
        });
        assertTrue(protocol.steps.get(0).startsWith("closed: link failed: "), protocol.steps.toString());
    }

    @Test
    void shouldDropWhatIsSentAfterAFailure() throws Exception {
        ends.farIn().close();
        inTurn(
                () -> { // so that nobody closes the stream meanwhile
                    FutureTask<Boolean> failing = started(() -> stream.send(Message.to(1, 2, 0, new byte[1_000])));
                    assertTrue(assertDoesNotThrow(() -> get(failing)));
                    assertTrue(stream.send(Message.text(1, 2, "later")), "whoever waits learns from the close why");
                    assertEquals(0, stream.queuedBytes());
                });
        Eventually.until(LONG, "the end is told", () -> !protocol.steps.isEmpty());
        assertFalse(stream.send(Message.text(1, 2, "too late")));
    }

    @Test
    void shouldSendNothingBehindHalfAnItem() throws Exception {
        inTurn(
                () -> { // so that nobody closes the stream meanwhile
                    FutureTask<Boolean> failing = started(() -> {
                        sendHalf(new OutOfMemoryError("told to fail"));
                        return true;
                    });
                    Throwable told = assertThrows(ExecutionException.class, () -> get(failing));
                    assertEquals("told to fail", told.getCause().getMessage());
                    assertTrue(stream.send(Message.text(1, 2, "behind it")));
                });
        Eventually.until(LONG, "the end is told", () -> !protocol.steps.isEmpty());
        assertTrue(protocol.steps.get(0).contains("OutOfMemoryError: told to fail"), protocol.steps.toString());
        assertEquals(0, ends.farIn().readAllBytes().length);
    }

    @Test
    void shouldSendNothingBehindHalfAnItemWhileThatFails() throws Exception {
        OutOfMemoryError failure = new OutOfMemoryError() {
            @Override
            public String toString() { // asked for when the side says why
                assertTrue(stream.send(Message.text(1, 2, "behind it")));
                return "told to fail";
            }
        };
        assertSame(failure, assertThrows(OutOfMemoryError.class, () -> sendHalf(failure)));
        Eventually.until(LONG, "the end is told", () -> !protocol.steps.isEmpty());
        assertEquals(0, ends.farIn().readAllBytes().length);
    }

    @Test
    void shouldCloseAfterHalfAnItemAlsoWhenThereWasNoMemoryToSayWhy() throws Exception {
        OutOfMemoryError failure = new OutOfMemoryError() {
            @Override
            public String toString() {
                throw new OutOfMemoryError("told to fail again");
            }
        };
        assertThrows(OutOfMemoryError.class, () -> sendHalf(failure));
        assertTrue(stream.send(Message.text(1, 2, "behind it")));
        Eventually.until(LONG, "the end is told", () -> !protocol.steps.isEmpty());
        assertEquals(List.of("closed: link failed: what was sent before broke off"), protocol.steps);
        assertEquals(0, ends.farIn().readAllBytes().length);
    }

    private void sendHalf(Error failure) {
        stream.send(queue -> {
            queue.append(ByteBuffer.allocate(HEADER - 1));
            throw failure;
        });
    }

    @Test
    void shouldRefuseWhatIsSentWhileItClosesAndLoseNoChunk() throws Exception {
        AtomicInteger accepted = new AtomicInteger();
        List<FutureTask<Boolean>> senders = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            senders.add(started(() -> {
                while (stream.send(Message.to(1, 2, 0, new byte[3_000]))) {
                    accepted.incrementAndGet();
                }
                return true;
            }));
        }
        started(() -> ends.farIn().transferTo(OutputStream.nullOutputStream()));
        Eventually.until(LONG, "some items were sent", () -> accepted.get() > 100);
        inTurn(() -> stream.close("enough"));
        for (FutureTask<Boolean> sender : senders) {
            assertTrue(get(sender));
        }
        assertEquals(0, stream.queuedBytes());
    }

    @Test
    void shouldDropWhatIsQueuedWhenClosedByTheSameTurn() throws Exception {
        inTurn(() -> {
            stream.send(Message.to(1, 2, 0, new byte[100]));
            stream.close("at once");
        });
        assertEquals(List.of("closed: at once"), protocol.steps);
        ends.farIn().readAllBytes(); // nothing or all of it, but an end
    }

    @Test
    void shouldGoOnWithWhatAnotherProtocolLeaves() throws Exception {
        inTurn(() -> stream.protocol(new LineProtocol() {
            @Override
            protected void onLine(Stream on, String line) {
                if (line.equals("MITO002")) {
                    on.protocol(protocol);
                }
            }

            @Override
            public void onClosed(Stream on, String reason) {}
        }));
        ends.farOut().write("banner\r\nMITO002\nbytes behind".getBytes(StandardCharsets.US_ASCII));
        Eventually.until(LONG, "the bytes behind the line", () -> protocol.count() == 12);
        assertEquals("bytes behind", new String(protocol.bytes(), StandardCharsets.US_ASCII));
    }

    @Test
    void shouldDoWhatWasAskedForInsteadOfClosingWhenThePeerHangsUp() throws Exception {
        AtomicBoolean hungUp = new AtomicBoolean();
        inTurn(() -> stream.onHangUp(() -> hungUp.set(true)));
        ends.farOut().close();
        Eventually.until(LONG, "the hang-up is told", hungUp::get);
        assertEquals(List.of(), protocol.steps);
        started(() -> stream.send(Message.text(1, 2, "still open")));
        assertEquals("still open", read(new DataInputStream(ends.farIn())).text());
    }

    void inTurn(Runnable task) {
        broker.runInTurn(task);
    }

    Stream stream() {
        return stream;
    }

    Ends ends() {
        return ends;
    }

    static Message read(DataInputStream in) throws IOException {
        byte[] header = new byte[HEADER];
        in.readFully(header);
        byte[] body = new byte[ByteBuffer.wrap(header).getInt(HEADER - 4)];
        in.readFully(body);
        return WireBytes.messages(WireBytes.join(header, body)).get(0);
    }

    static <T> FutureTask<T> started(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Threads.daemon("contract-test", task).start();
        return task;
    }

    static <T> T get(FutureTask<T> task) throws Exception {
        return task.get(25, TimeUnit.SECONDS);
    }

    private static long threadsOf(Stream stream) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("mitogen.pump." + stream.name()))
                .count();
    }
}
