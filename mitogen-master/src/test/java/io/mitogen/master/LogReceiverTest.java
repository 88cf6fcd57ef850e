// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.Log;
import io.mitogen.core.LogSink;
import io.mitogen.core.call.Contexts;
import io.mitogen.core.concurrent.Lane;
import io.mitogen.core.concurrent.Threads;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.route.Identity;
import io.mitogen.core.route.Router;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class LogReceiverTest {
    private final Logger mitogen = Logger.getLogger("mitogen");
    private final Level levelBefore = mitogen.getLevel();
    private final List<String> records = Collections.synchronizedList(new ArrayList<>());
    private final List<String> errors = new ArrayList<>();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final Handler recorder = new Handler() {
        @Override
        public void publish(LogRecord record) {
            records.add(record.getLoggerName() + " " + record.getSourceClassName() + " " + record.getLevel() + " "
                    + record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private Broker broker;
    private Contexts contexts;
    private LogReceiver receiver;

    @BeforeEach
    void start() {
        mitogen.addHandler(recorder);
        mitogen.setUseParentHandlers(false);
        mitogen.setLevel(Level.INFO);
        broker = Broker.start("broker", 100, LogSink.NONE);
        LogSink own = new LogSink() {
            @Override
            public boolean isEnabled(int level) {
                return level >= Log.WARNING;
            }

            @Override
            public void log(String logger, int level, String text) {
                errors.add(text);
            }
        };
        Router router = new Router(broker, new Identity(0), new Router.Settings(1 << 20, false), own);
        contexts = new Contexts(router);
        contexts.get(3, "web1");
        receiver = new LogReceiver(contexts, new MasterLog(), new Lane(tasks::add));
    }

    @AfterEach
    void stop() {
        broker.close();
        mitogen.removeHandler(recorder);
        mitogen.setUseParentHandlers(true);
        mitogen.setLevel(levelBefore);
    }

    private void receive(String body) {
        receive(body.getBytes(StandardCharsets.UTF_8));
    }

    private void receive(byte[] body) {
        receiver.onMessage(
                Message.to(0, Handles.FORWARD_LOG, Handles.NONE, body).from(3, 3), null);
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void shouldHandRecordsToTheLoggerOfTheContextOutsideOfTheTurn() {
        receive("com.acme\00030\000text\000with\nmore");
        assertEquals(List.of(), records);

        runTasks();
        assertEquals(List.of("mitogen.ctx.web1 com.acme WARNING text\\u0000with\n    more"), records);
    }

    @Test
    void shouldReportGarbageAndGoOn() {
        String[] garbage = {
            "", "\000", "\000\000", "a", "a\000b", "a\000b\000c", "a\00030", "a\00099999999999\000c", "a\0003.5\000c"
        };
        for (String each : garbage) {
            receive(each);
        }
        receive(new byte[] {(byte) 0xff, 0, '2', '0', 0, (byte) 0xfe});
        runTasks();

        assertEquals(garbage.length, errors.size());
        assertTrue(
                errors.stream().allMatch(text -> text.startsWith("not a log record: dst 0  src 3  FORWARD_LOG")),
                errors.get(0));
        assertEquals(List.of("mitogen.ctx.web1 \ufffd INFO \ufffd"), records);
    }

    @Test
    void shouldIgnoreDeadMessages() {
        receiver.onMessage(Message.dead(0, Handles.FORWARD_LOG, "gone").from(3, 3), null);

        assertEquals(List.of(), errors);
    }

    @Test
    void shouldDropAndCountWhatHandlersAreTooSlowFor() {
        String text = "x".repeat((int) (LogReceiver.MAX_WAITING_CHARS / 4));
        for (int i = 0; i < 6; i++) {
            receiver.receive("web1", "stdout", Log.INFO, text);
        }
        runTasks();

        assertEquals(4, records.size());
        assertTrue(
                records.get(1).endsWith("WARNING 3 log records of contexts were dropped: handlers are too slow"),
                records.get(1).substring(0, 30));
        receiver.receive("web1", "stdout", Log.INFO, "again");
        runTasks();
        assertEquals("mitogen.ctx.web1 stdout INFO again", records.get(4));
    }

    @Test
    void shouldNotWaitForHandlersThatHang() {
        receiver.receive("web1", "stdout", Log.INFO, "stuck");
        receiver.flush(Duration.ofMillis(1));

        assertEquals(List.of(), records);
    }

    @Test
    @Timeout(60)
    void shouldDropAndCountWhatWaitsWhenHandlersHaveHadTheirTime() throws InterruptedException {
        Lane own = new Lane(task -> Threads.daemon("log-test", task).start());
        CountDownLatch isFree = new CountDownLatch(1);
        CountDownLatch isBusy = new CountDownLatch(1);
        own.execute(() -> {
            isBusy.countDown();
            awaitQuietly(isFree); // as a handler that is at work on a record
        });
        isBusy.await();
        contexts.router().removeHandler(Handles.FORWARD_LOG);
        LogReceiver slow = new LogReceiver(contexts, new MasterLog(), own);
        for (int i = 0; i < 1_000; i++) {
            slow.receive("web1", "stdout", Log.INFO, "record");
        }

        slow.flush(Duration.ofMinutes(5), Duration.ofMillis(1));
        isFree.countDown();
        CountDownLatch isDone = new CountDownLatch(1);
        own.execute(isDone::countDown);
        isDone.await();
        assertEquals(1, records.size(), records::toString);
        assertTrue(records.get(0).contains(" 1000 log records of contexts were dropped"), records::toString);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
