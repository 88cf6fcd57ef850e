// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.testing.Eventually;
import io.mitogen.core.testing.QuietLogExtension;
import io.mitogen.core.testing.WireBytes;
import io.mitogen.core.wire.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How much a thread that sends has to write of what others send. */
final class HandOverTest {
    private static final Duration LONG = Duration.ofSeconds(25);
    private static final int KIB = 1024;
    private static final int HEADER = 26;
    private static final int LIMIT = 64 * KIB;
    private static final Message SMALL = Message.to(1, 2, 3, new byte[] {42});

    @RegisterExtension
    final QuietLogExtension log = new QuietLogExtension();

    private final Broker broker = Broker.start("hand-over", 200, log.sink());
    private final RecordingProtocol protocol = new RecordingProtocol();
    private final Thread tester = Thread.currentThread();
    private final AtomicBoolean isNext = new AtomicBoolean(true);
    private final SteppedSink sink = new SteppedSink(KIB, this::onPiece);
    private final Pipe silent = Pipe.open();
    private final Stream stream = new Stream(
            broker,
            "hand-over",
            new PumpReceiveSide(Channels.newInputStream(silent.source())),
            new PumpTransmitSide(sink));

    private volatile SteppedSink.Step onFirst = () -> {}; // before the first piece is written
    private volatile SteppedSink.Step onThread = () -> {}; // before each that the side's own thread writes
    private volatile boolean isWithoutThreads;

    HandOverTest() throws IOException {}

    private void onPiece() throws IOException {
        if (isNext.compareAndSet(true, false)) {
            onFirst.run();
        }
        if (Thread.currentThread() != tester) {
            onThread.run();
        }
    }

    @BeforeEach
    void open() {
        broker.threads().watch((owner, thread) -> {
            if (isWithoutThreads) {
                throw new OutOfMemoryError("told to have no threads");
            }
        });
        stream.protocol(protocol);
        broker.runInTurn(() -> {
            try {
                stream.open();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @AfterEach
    void close() throws IOException {
        broker.runInTurn(() -> stream.close("the test is over"));
        silent.sink().close();
        broker.close();
        Eventually.until(LONG, "the sink is closed", sink::isClosed);
        Eventually.until(LONG, "the stream's threads end", () -> threads("in") + threads("out") == 0);
        assertEquals(0, broker.pool().lentChunks(), "chunks that are not back");
    }

    @Test
    void shouldReturnAfterOneByteAnd64KibibytesOfOthersWhenAnotherThreadFloods() throws Exception {
        onFirst = () -> flood(100, 64 * KIB);
        assertTrue(stream.send(SMALL));
        int written = sink.writtenHere();
        assertTrue(written <= HEADER + 1 + LIMIT, written + " bytes were written by who sent one");
        assertTaken(smallAnd(100, 64 * KIB));
    }

    @Test
    void shouldReturnAfter64KibibytesOfOthersWhenMoreLiesInFront() {
        leaveWithoutWriter(1024 * KIB);
        assertTrue(stream.send(SMALL));
        int written = sink.writtenHere();
        assertTrue(written <= LIMIT, written + " bytes of others were written by who sent one");
        assertTaken(WireBytes.join(message(0, 1024 * KIB), message(SMALL)));
    }

    @Test
    void shouldWriteAnItemOfAnySizeItself() {
        onFirst = () -> flood(1, LIMIT);
        assertTrue(stream.send(Message.to(1, 2, 3, WireBytes.pattern(1024 * KIB))));
        int written = sink.writtenHere();
        assertTrue(written >= HEADER + 1024 * KIB, "only " + written + " bytes of its own item");
        assertTrue(written <= HEADER + 1024 * KIB + LIMIT, written + " bytes");
        assertTaken(WireBytes.join(message(Message.to(1, 2, 3, WireBytes.pattern(1024 * KIB))), message(0, LIMIT)));
    }

    @Test
    void shouldNeedNoThreadWhenOthersSendLittle() throws Exception {
        onFirst = () -> flood(10, 6 * KIB);
        assertTrue(stream.send(SMALL));
        assertArrayEquals(smallAnd(10, 6 * KIB), sink.taken());
        assertEquals(0, threads("out"), "threads");
    }

    @Test
    void shouldGoOnWritingWhenThereIsNobodyToHandOverTo() throws Exception {
        isWithoutThreads = true;
        onFirst = () -> flood(10, 64 * KIB);
        assertTrue(stream.send(SMALL));
        assertArrayEquals(smallAnd(10, 64 * KIB), sink.taken());
        assertEquals(0, stream.queuedBytes());
    }

    @Test
    void shouldKeepWhatWasLentAsItWasWhenItIsLeftToTheThread() {
        CountDownLatch isChanged = new CountDownLatch(1);
        onThread = () -> await(isChanged);
        leaveWithoutWriter(100 * KIB);
        byte[] lent = WireBytes.pattern(1024 * KIB);
        assertTrue(stream.send(Message.to(1, 2, 3, new byte[][] {new byte[10], lent, new byte[20]})));
        Arrays.fill(lent, (byte) 0);
        isChanged.countDown();
        byte[] body = WireBytes.join(new byte[10], WireBytes.pattern(1024 * KIB), new byte[20]);
        assertTaken(WireBytes.join(message(0, 100 * KIB), message(Message.to(1, 2, 3, body))));
    }

    @Test
    void shouldHandOverWhenItsThreadIsInterrupted() {
        onFirst = () -> {
            flood(100, 64 * KIB);
            tester.interrupt();
        };
        assertTrue(stream.send(SMALL));
        assertTrue(Thread.interrupted(), "the interrupt is the caller's");
        assertTaken(smallAnd(100, 64 * KIB));
    }

    @Test
    void shouldHandOverToAThreadThatHearsNoInterruptOfTheSendersGroup() throws Exception {
        ThreadGroup group = new ThreadGroup("of a user");
        AtomicInteger interrupted = new AtomicInteger();
        onFirst = () -> flood(100, 64 * KIB);
        onThread = () -> {
            if (Thread.currentThread().getName().endsWith(".out")) {
                group.interrupt();
                interrupted.addAndGet(Thread.interrupted() ? 1 : 0);
            }
        };
        FutureTask<Boolean> sent = new FutureTask<>(() -> stream.send(SMALL));
        new Thread(group, sent).start();
        assertTrue(SideContract.get(sent));
        assertTaken(smallAnd(100, 64 * KIB));
        assertEquals(0, interrupted.get(), "interrupts that would have closed a channel");
    }

    @Test
    void shouldLeaveNothingToTheThreadWhenTheStreamIsClosedMeanwhile() {
        onFirst = () -> {
            flood(100, 64 * KIB);
            SideContract.started(() -> {
                broker.runInTurn(() -> stream.close("meanwhile"));
                return true;
            });
            Eventually.until(LONG, "the stream is closed", () -> !protocol.steps.isEmpty());
        };
        assertTrue(stream.send(SMALL));
        assertEquals(List.of("closed: meanwhile"), protocol.steps);
        assertEquals(0, stream.queuedBytes());
        assertTrue(sink.isClosed());
    }

    @Test
    void shouldSendNothingBehindHalfAFrameWhenThereWasNoMemoryToSayWhy() {
        OutOfMemoryError failure = new OutOfMemoryError() {
            @Override
            public String toString() {
                throw new OutOfMemoryError("told to fail again");
            }
        };
        onFirst = () -> {
            flood(2, KIB);
            throw failure;
        };
        assertThrows(OutOfMemoryError.class, () -> stream.send(SMALL));
        stream.send(SMALL);
        Eventually.until(LONG, "the end is told", () -> !protocol.steps.isEmpty());
        assertEquals(List.of("closed: link failed: " + PumpTransmitSide.BROKE_OFF), protocol.steps);
        assertEquals(0, sink.takenCount());
    }

    /** Queues an item in a turn, where nobody may wait, while no thread can be had. */
    private void leaveWithoutWriter(int bytes) {
        isWithoutThreads = true;
        broker.runInTurn(() -> {
            OutOfMemoryError told = assertThrows(
                    OutOfMemoryError.class, () -> stream.send(Message.to(1, 0, 3, WireBytes.pattern(bytes))));
            assertEquals("told to have no threads", told.getMessage());
        });
        isWithoutThreads = false;
    }

    /** Sends items from another thread, while this one is in a write. */
    private void flood(int items, int bytes) {
        try {
            assertTrue(SideContract.get(SideContract.started(() -> {
                for (int i = 0; i < items; i++) {
                    assertTrue(stream.send(Message.to(1, i, 3, WireBytes.pattern(bytes))));
                }
                return true;
            })));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void assertTaken(byte[] expected) {
        Eventually.until(
                LONG, "all is written", () -> sink.takenCount() >= expected.length && stream.queuedBytes() == 0);
        assertArrayEquals(expected, sink.taken());
    }

    private static byte[] smallAnd(int items, int bytes) {
        byte[][] all = new byte[items + 1][];
        all[0] = message(SMALL);
        for (int i = 0; i < items; i++) {
            all[i + 1] = message(i, bytes);
        }
        return WireBytes.join(all);
    }

    private static byte[] message(int number, int bytes) {
        return message(Message.to(1, number, 3, WireBytes.pattern(bytes)));
    }

    private static byte[] message(Message message) {
        return WireBytes.frame(
                message.dst(), message.src(), message.auth(), message.handle(), message.replyTo(), message.body());
    }

    private static long threads(String end) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("mitogen.pump.hand-over." + end))
                .count();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(LONG.toSeconds(), TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
