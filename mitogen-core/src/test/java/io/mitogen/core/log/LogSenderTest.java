// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.Log;
import io.mitogen.core.LogSink;
import io.mitogen.core.buffer.Writable;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.loop.ReceiveSide;
import io.mitogen.core.loop.Stream;
import io.mitogen.core.loop.TransmitSide;
import io.mitogen.core.route.Identity;
import io.mitogen.core.route.Router;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LogSenderTest {
    private static final int SMALL_MESSAGE_BYTES = 64 * 1024;

    private final Broker broker = Broker.start("broker", 100, LogSink.NONE);
    private final SentMessages sent = new SentMessages();

    @AfterEach
    void stop() {
        broker.close();
    }

    private Router router() {
        Router router =
                new Router(broker, new Identity(7, 0), new Router.Settings(SMALL_MESSAGE_BYTES, false), LogSink.NONE);
        broker.runInTurn(() -> {
            try {
                router.connectParent(new SilentSide(), sent);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return router;
    }

    @Test
    void shouldSendRecordsToTheMaster() {
        LogSender sender = new LogSender(Log.INFO);
        sender.uncork(router());
        sender.log("com.acme", Log.WARNING, "text\nof two lines");

        assertEquals(List.of("com.acme\00030\000text\nof two lines"), sent.texts());
        assertEquals(Identity.MASTER, sent.messages.get(0).dst());
        assertEquals(Handles.FORWARD_LOG, sent.messages.get(0).handle());
        assertEquals(7, sent.messages.get(0).src());
    }

    @Test
    void shouldSendNothingBelowTheThreshold() {
        LogSender sender = new LogSender(Log.INFO);
        sender.log("a", Log.INFO - 1, "corked");
        sender.uncork(router());
        sender.log("a", Log.INFO - 1, "sent");

        assertFalse(sender.isEnabled(Log.INFO - 1));
        assertTrue(sender.isEnabled(Log.INFO));
        assertEquals(List.of(), sent.texts());
    }

    @Test
    void shouldSendFirstWhatWasKept() {
        LogSender sender = new LogSender(0);
        sender.log("a", 20, "one");
        sender.log("a", 20, "two");
        sender.uncork(router());
        sender.log("a", 20, "three");

        assertEquals(List.of("a\00020\000one", "a\00020\000two", "a\00020\000three"), sent.texts());
    }

    @Test
    void shouldKeepNoMoreThanSomeRecordsAndTellHowManyWereDropped() {
        LogSender sender = new LogSender(0);
        for (int i = 0; i < LogSender.MAX_CORKED + 5; i++) {
            sender.log("a", 20, "record " + i);
        }
        sender.uncork(router());

        assertEquals(LogSender.MAX_CORKED + 1, sent.texts().size());
        assertEquals("a\00020\000record 999", sent.texts().get(999));
        assertEquals(
                "mitogen.log\00030\0005 log records were dropped before the link was up",
                sent.texts().get(LogSender.MAX_CORKED));
    }

    @Test
    void shouldKeepNoMoreThanSomeText() {
        LogSender sender = new LogSender(0);
        sender.log("a", 20, "x".repeat(LogSender.MAX_CORKED_CHARS));
        sender.log("a", 20, "small");
        sender.uncork(router());

        assertEquals(
                List.of("a\00020\000small", "mitogen.log\00030\0001 log records were dropped before the link was up"),
                sent.texts());
    }

    @Test
    void shouldDropWhatSendingLogs() {
        LogSender sender = new LogSender(0);
        sent.whileSending = () -> sender.log("a", 40, "begotten");
        sender.uncork(router());
        sender.log("a", 20, "one");
        sender.log("a", 20, "two");

        assertEquals(List.of("a\00020\000one", "a\00020\000two"), sent.texts());
    }

    @Test
    void shouldCutTextThatIsTooLongForAMessage() {
        LogSender sender = new LogSender(0);
        sender.uncork(router());
        sender.log("a", 20, "\u20ac".repeat(SMALL_MESSAGE_BYTES));

        assertEquals(1, sent.messages.size());
        String text = sent.texts().get(0);
        assertTrue(text.startsWith("a\00020\000\u20ac\u20ac"), text.substring(0, 10));
        assertTrue(text.endsWith(" more characters were too many for a message]"), text.substring(text.length() - 60));
        assertTrue(sent.messages.get(0).body().length <= SMALL_MESSAGE_BYTES);
    }

    @Test
    void shouldKeepARecordWholeWhateverTheLoggerIsCalled() {
        LogSender sender = new LogSender(0);
        sender.uncork(router());
        sender.log("a\000b" + "c".repeat(10_000), 20, "text");

        String[] fields = sent.texts().get(0).split("\000");
        assertEquals(3, fields.length);
        assertEquals("a bccc", fields[0].substring(0, 6));
        assertEquals(LogSender.MAX_LOGGER_CHARS, fields[0].length());
        assertEquals("text", fields[2]);
    }

    /** A way out that keeps what is sent. */
    private static final class SentMessages implements TransmitSide {
        private final List<Message> messages = new ArrayList<>();
        private Runnable whileSending = () -> {};

        List<String> texts() {
            List<String> texts = new ArrayList<>();
            messages.forEach(message -> texts.add(message.text()));
            return texts;
        }

        @Override
        public boolean send(Writable item) {
            messages.add((Message) item);
            whileSending.run();
            return true;
        }

        @Override
        public void start(Stream stream) {}

        @Override
        public void flush() {}

        @Override
        public long queuedBytes() {
            return 0;
        }

        @Override
        public void close() {}
    }

    /** A way in on which nothing comes. */
    private static final class SilentSide implements ReceiveSide {
        @Override
        public void start(Stream stream) {}

        @Override
        public void close() {}
    }
}
