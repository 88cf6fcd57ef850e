// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.core.loop.PumpReceiveSide;
import io.mitogen.core.loop.PumpTransmitSide;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

final class ProcessStreamsTest {
    private final List<String> done = new ArrayList<>();
    private final ProcessStreams started = new ProcessStreams(
            new FakeProcess(),
            new PumpTransmitSide(OutputStream.nullOutputStream()),
            new PumpReceiveSide(InputStream.nullInputStream()),
            new PumpReceiveSide(InputStream.nullInputStream()));

    @Test
    void shouldGiveAProcessTimeBeforeItIsKilled() {
        List<Runnable> later = new ArrayList<>();

        started.discard(later::add);

        assertEquals(List.of("TERM"), done);
        later.forEach(Runnable::run);
        assertEquals(List.of("TERM", "KILL"), done);
    }

    @Test
    void shouldKillAProcessAtOnceWhenNoThreadCanBeHadToDoItLater() {
        Executor noThreads = work -> {
            throw new OutOfMemoryError("unable to create native thread");
        };

        started.discard(noThreads); // an error here would end the broker

        assertEquals(List.of("TERM", "KILL"), done);
    }

    private final class FakeProcess extends Process {
        @Override
        public OutputStream getOutputStream() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public InputStream getInputStream() {
            return InputStream.nullInputStream();
        }

        @Override
        public InputStream getErrorStream() {
            return InputStream.nullInputStream();
        }

        @Override
        public int waitFor() {
            return 0;
        }

        @Override
        public int exitValue() {
            return 0;
        }

        @Override
        public void destroy() {
            done.add("TERM");
        }

        @Override
        public Process destroyForcibly() {
            done.add("KILL");
            return this;
        }
    }
}
