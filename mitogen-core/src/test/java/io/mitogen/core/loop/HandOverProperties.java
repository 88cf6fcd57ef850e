// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.buffer.BufferQueue;
import io.mitogen.core.buffer.Writable;
import io.mitogen.core.testing.Eventually;
import io.mitogen.core.testing.RecordingSink;
import io.mitogen.core.testing.WireBytes;
import io.mitogen.core.wire.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Threads send items of all sizes, inside and outside of turns, also while another one is in the middle of a write; the sink takes a few
 * bytes at a time, and may break or be closed at any of them. The bytes are those of the items, in the order of the queue.
 */
final class HandOverProperties {
    private static final Duration LONG = Duration.ofSeconds(25);
    private static final int SENDERS = 3;
    private static final int LIMIT = 64 * 1024;
    private static final int[] SIZES = {0, 1, 100, 3_000, 9_000, 32 * 1024, 33_000, 70_000, 150_000, 300_000};
    private static final int NEVER = 60;

    private enum Break {
        NOTHING,
        CLOSE,
        IO_EXCEPTION,
        RUNTIME_EXCEPTION,
        ERROR
    }

    @Property(tries = 200)
    void shouldWriteEachItemWholeOnceAndInOrderWhoeverWrites(
            @ForAll @Size(min = 1, max = 50) List<@IntRange(max = 99) Integer> plan,
            @ForAll @IntRange(min = 50, max = 70_000) int pieceBytes,
            @ForAll @IntRange(max = 2) int threadsRefused,
            @ForAll @IntRange(max = NEVER) int breakAt,
            @ForAll Break how)
            throws Exception {
        try (Trial trial = new Trial(plan, pieceBytes, threadsRefused, breakAt, how)) {
            trial.run();
        }
    }

    /** One stream, and those who send to it. */
    private static final class Trial implements AutoCloseable {
        private final Broker broker = Broker.start("hand-over", 200, new RecordingSink());
        private final RecordingProtocol protocol = new RecordingProtocol();
        private final Queue<Integer> plan;
        private final List<byte[]> order = Collections.synchronizedList(new ArrayList<>());
        private final AtomicInteger refusals;
        private final AtomicInteger pieces = new AtomicInteger();
        private final int breakAt;
        private final Break how;
        private final boolean isBounded;
        private final Pipe silent = Pipe.open();
        private final SteppedSink sink;
        private final Stream stream;
        private volatile int takenBeforeBreak = -1;
        private volatile Throwable problem;

        Trial(List<Integer> plan, int pieceBytes, int threadsRefused, int breakAt, Break how) throws IOException {
            this.plan = new ConcurrentLinkedQueue<>(plan);
            this.refusals = new AtomicInteger(threadsRefused);
            this.isBounded = threadsRefused == 0;
            this.breakAt = breakAt;
            this.how = how;
            sink = new SteppedSink(pieceBytes, this::onPiece);
            stream = new Stream(
                    broker,
                    "hand-over",
                    new PumpReceiveSide(Channels.newInputStream(silent.source())),
                    new PumpTransmitSide(sink));
            stream.protocol(protocol);
            broker.threads().watch((owner, thread) -> {
                if (thread.getName().endsWith(".out") && refusals.getAndDecrement() > 0) {
                    throw new OutOfMemoryError("told to have no threads");
                }
            });
            broker.runInTurn(() -> {
                try {
                    stream.open();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }

        void run() throws Exception {
            List<FutureTask<Boolean>> senders = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                senders.add(SideContract.started(() -> {
                    for (Integer next = plan.poll(); next != null; next = plan.poll()) {
                        send(next, isBounded);
                    }
                    return true;
                }));
            }
            for (FutureTask<Boolean> sender : senders) {
                assertTrue(SideContract.get(sender));
            }
            send(4, isBounded); // what no thread could be had for goes with the next
            Eventually.until(LONG, "nothing is left without a writer", () -> stream.queuedBytes() == 0);
            check();
        }

        /** On the thread that writes: others send, as it cannot return before they have. */
        private void onPiece() throws IOException {
            Integer next = plan.poll();
            if (next != null) {
                try {
                    assertTrue(SideContract.get(SideContract.started(() -> {
                        send(next, true);
                        return true;
                    })));
                } catch (Exception e) {
                    problem = e;
                }
            }
            if (pieces.getAndIncrement() == breakAt && breakAt != NEVER && how != Break.NOTHING) {
                takenBeforeBreak = sink.takenCount();
                breakOff();
            }
        }

        private void breakOff() throws IOException {
            switch (how) {
                case CLOSE ->
                    SideContract.started(() -> {
                        broker.runInTurn(() -> stream.close("meanwhile"));
                        return true;
                    });
                case IO_EXCEPTION -> throw new IOException("told to fail");
                case RUNTIME_EXCEPTION -> throw new IllegalStateException("told to fail");
                default -> {
                    if (Thread.currentThread().getName().endsWith(".out")) {
                        throw new IOException("an error would be printed"); // by who has no handler for it
                    }
                    throw new StackOverflowError("told to fail");
                }
            }
        }

        private void send(int number, boolean isBounded) {
            byte[] lent = WireBytes.pattern(SIZES[number / 10]);
            byte[][] parts = {{(byte) number}, lent, {}};
            Message message = Message.to(1, number, 3, parts);
            byte[] expected = WireBytes.frame(1, 0, 0, number, 3, WireBytes.join(parts));
            int before = sink.writtenHere();
            try {
                switch (number % 10) {
                    case 0, 1, 2 -> broker.runInTurn(() -> stream.send(new Noted(message, expected)));
                    case 3 -> stream.sendSoon(new Noted(message, expected));
                    default -> stream.send(new Noted(message, expected));
                }
            } catch (OutOfMemoryError | StackOverflowError expectedHere) {
                assertTrue(expectedHere.getMessage().startsWith("told to "), expectedHere.toString());
                return; // the array may still be in the queue
            }
            Arrays.fill(lent, (byte) 0x55);
            int written = sink.writtenHere() - before;
            assertTrue(
                    !isBounded || written <= expected.length + LIMIT,
                    written + " bytes were written by who sent " + expected.length);
        }

        private void check() {
            assertNull(problem);
            byte[] expected = WireBytes.join(order.toArray(new byte[0][]));
            byte[] taken = sink.taken();
            boolean isBroken = takenBeforeBreak >= 0;
            assertArrayEquals(isBroken ? Arrays.copyOf(expected, taken.length) : expected, taken);
            if (isBroken) {
                Eventually.until(LONG, "the end is told", () -> !protocol.steps.isEmpty());
                assertTrue(how == Break.CLOSE || taken.length == takenBeforeBreak, "bytes behind half a frame");
            }
        }

        @Override
        public void close() throws IOException {
            broker.runInTurn(() -> stream.close("the trial is over"));
            silent.sink().close();
            broker.close();
            Eventually.until(LONG, "the sink is closed", sink::isClosed);
            Eventually.until(LONG, "all chunks are back", () -> broker.pool().lentChunks() == 0);
            assertEquals(1, protocol.steps.size(), protocol.steps.toString());
        }

        /** A message that notes when it joins the queue, whose lock is held then. */
        private final class Noted implements Writable {
            private final Message message;
            private final byte[] bytes;

            Noted(Message message, byte[] bytes) {
                this.message = message;
                this.bytes = bytes;
            }

            @Override
            public void writeTo(BufferQueue queue) {
                message.writeTo(queue);
                order.add(bytes);
            }

            @Override
            public byte[][] lentParts() {
                return message.lentParts();
            }
        }
    }
}
