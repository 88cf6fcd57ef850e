// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.testing.Eventually;
import io.mitogen.core.testing.WireBytes;
import io.mitogen.core.wire.Message;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract over streams that block, the outgoing one buffered as that of a process is. */
final class PumpSideTest extends SideContract {
    @Override
    Ends open() throws IOException {
        Pipe in = Pipe.open();
        Pipe out = Pipe.open();
        return new Ends(
                new PumpReceiveSide(Channels.newInputStream(in.source())),
                new PumpTransmitSide(new BufferedOutputStream(Channels.newOutputStream(out.sink()))),
                Channels.newInputStream(out.source()),
                Channels.newOutputStream(in.sink()));
    }

    @Test
    void shouldSendAtOnceWhatABufferedStreamWouldKeep() throws Exception {
        assertTrue(stream().send(Message.text(1, 2, "small")));
        assertEquals("small", read(new DataInputStream(ends().farIn())).text());
    }

    @Test
    void shouldHoldNoLockWhileItWritesWhatWaitedForMore() throws Exception {
        FutureTask<Boolean> blocked = started(() -> {
            for (int i = 0; i < 20; i++) {
                assertTrue(stream().sendSoon(Message.to(1, i, 3, WireBytes.pattern(10_000))));
            }
            return true;
        });
        Eventually.until(
                Duration.ofSeconds(25), "the pipe is full", () -> stream().queuedBytes() > 0);
        inTurn(() -> assertTrue(stream().send(Message.text(1, 100, "from a turn"))));
        DataInputStream in = new DataInputStream(ends().farIn());
        int fromTurn = 0;
        for (int i = 0; i < 21; i++) {
            fromTurn += read(in).handle() == 100 ? 1 : 0;
        }
        assertTrue(get(blocked));
        assertEquals(1, fromTurn);
    }

    @Test
    void shouldCloseWhenTheStreamsThrowWhatTheyShouldNot() throws Exception {
        Pipe silent = Pipe.open();
        log.expect("closing stream");
        for (boolean reads : new boolean[] {true, false}) {
            RecordingProtocol told = new RecordingProtocol();
            Stream broken = new Stream(
                    broker,
                    "broken",
                    new PumpReceiveSide(reads ? new BrokenInput() : Channels.newInputStream(silent.source())),
                    new PumpTransmitSide(new BrokenOutput()));
            broken.protocol(told);
            inTurn(() -> {
                try {
                    broken.open();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            if (!reads) {
                broken.send(Message.text(1, 2, "x"));
            }
            Eventually.until(Duration.ofSeconds(20), "the end is told", () -> !told.steps.isEmpty());
            assertEquals(List.of("closed: told to fail"), told.steps);
        }
        silent.sink().close();
    }

    @Test
    void shouldSendNothingBehindHalfAFrame() throws Exception {
        Pipe silent = Pipe.open();
        for (boolean isError : new boolean[] {false, true}) {
            RecordingProtocol told = new RecordingProtocol();
            Stream[] opened = new Stream[1];
            HalfOutput out = new HalfOutput(isError, () -> opened[0].send(Message.text(1, 2, "behind it")));
            Stream halved = new Stream(
                    broker,
                    "halved",
                    new PumpReceiveSide(Channels.newInputStream(silent.source())),
                    new PumpTransmitSide(out));
            opened[0] = halved;
            halved.protocol(told);
            inTurn(() -> {
                try {
                    halved.openForLife();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            inTurn(
                    () -> { // so that nobody can close the stream yet
                        FutureTask<Boolean> failing =
                                started(() -> halved.send(Message.to(1, 2, 3, WireBytes.pattern(50_000))));
                        try {
                            assertTrue(get(failing));
                        } catch (Exception e) {
                            assertTrue(isError, e.toString());
                        }
                        assertTrue(halved.send(Message.text(1, 2, "later")));
                    });
            Eventually.until(Duration.ofSeconds(20), "the end is told", () -> !told.steps.isEmpty());
            Eventually.until(Duration.ofSeconds(20), "the sink is closed", () -> out.closed);
            assertEquals(1, out.writes);
        }
        silent.sink().close();
    }

    @Test
    void shouldReadOnWhenUserCodeInterruptsAllThreadsOfItsGroup(@TempDir Path folder) throws Exception {
        Path fifo = folder.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        RecordingProtocol protocol = new RecordingProtocol();
        try (RandomAccessFile far = new RandomAccessFile(fifo.toFile(), "rw")) { // waits for nobody at the other end
            Stream file = new Stream(
                    broker,
                    "file",
                    new PumpReceiveSide(new FileInputStream(fifo.toFile())),
                    new PumpTransmitSide(OutputStream.nullOutputStream()));
            file.protocol(protocol);
            ThreadGroup group = new ThreadGroup("of a user");
            FutureTask<Boolean> opened = new FutureTask<>(() -> {
                inTurn(() -> {
                    try {
                        file.open();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
                return true;
            });
            new Thread(group, opened).start();
            assertTrue(get(opened));
            group.interrupt();
            far.write(WireBytes.pattern(100));
            Eventually.until(Duration.ofSeconds(20), "all bytes", () -> protocol.count() == 100);
            inTurn(() -> file.close("the test is over"));
            far.write(0); // ends the read under way
        }
        assertEquals(List.of("closed: the test is over"), protocol.steps);
    }

    /** Fails when it has taken half of a frame, while somebody else sends the next. */
    private static final class HalfOutput extends OutputStream {
        private final boolean isError;
        private final Callable<Boolean> other;
        private volatile boolean closed;
        private volatile int writes;

        HalfOutput(boolean isError, Callable<Boolean> other) {
            this.isError = isError;
            this.other = other;
        }

        @Override
        public void write(int b) {
            throw new IllegalStateException("not one by one");
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            if (++writes > 1) {
                return;
            }
            try {
                assertTrue(get(started(other)));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            if (isError) {
                throw new StackOverflowError("told to fail");
            }
            throw new IOException("told to fail");
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static final class BrokenInput extends InputStream {
        @Override
        public int read() {
            throw new IllegalStateException("told to fail");
        }

        @Override
        public int read(byte[] bytes, int offset, int count) {
            throw new IllegalStateException("told to fail");
        }
    }

    private static final class BrokenOutput extends OutputStream {
        @Override
        public void write(int b) {
            throw new IllegalStateException("told to fail");
        }
    }
}
