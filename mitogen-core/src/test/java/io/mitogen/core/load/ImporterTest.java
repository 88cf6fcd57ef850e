// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.MitogenException.Blame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ImporterTest {
    private static final String FACTS = "com/acme/Facts.class";
    private static final ClassImage IMAGE = ScriptedUpstream.classImage(FACTS, new byte[] {1, 2, 3});

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final Importer importer = upstream.importer;

    @Test
    void shouldAskOnceWhenManyThreadsWantOnePath() throws Exception {
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            findings.add(new Finding(importer, FACTS).untilWaiting());
        }

        importer.onImage(IMAGE);

        for (Finding finding : findings) {
            assertSame(IMAGE, finding.image());
        }
        assertEquals(List.of(FACTS), upstream.requests);
    }

    @Test
    void shouldNotAskWhenTheImageWasSentAhead() {
        importer.onImage(IMAGE);

        assertSame(IMAGE, importer.find(FACTS));
        assertEquals(List.of(), upstream.requests);
    }

    @Test
    void shouldRememberThatThereIsNothing() {
        upstream.answer(ClassImage.missing(FACTS, "gone"));

        assertEquals("gone", importer.find(FACTS).reason());
        assertEquals("gone", importer.find(FACTS).reason());
        assertEquals(List.of(FACTS), upstream.requests);
    }

    @Test
    void shouldRefuseWithoutAskingWhenTheNameIsTheCoresOrNone() {
        assertTrue(importer.find("a".repeat(65_536)).reason().contains("has 65536 characters"));
        assertTrue(importer.find("io/mitogen/core/Nope.class").reason().contains("core"));
        importer.whenAvailable("io/mitogen/core/Nope.class", image -> assertTrue(image.isMissing()));
        assertEquals(List.of(), upstream.requests);
    }

    @Test
    void shouldFinishAndGiveTheInterruptBackWhenInterruptedBeforeAsking() {
        upstream.answer(IMAGE);
        Thread.currentThread().interrupt();

        ClassImage found = importer.find(FACTS);

        assertTrue(Thread.interrupted());
        assertSame(IMAGE, found);
        assertFalse(upstream.sawInterrupt, "an interruptible channel would have closed itself under the request");
    }

    @Test
    void shouldFinishAndGiveTheInterruptBackWhenInterruptedWhileWaiting() throws Exception {
        Finding finding = new Finding(importer, FACTS).untilWaiting();
        for (int i = 0; i < 3; i++) {
            finding.thread.interrupt();
            finding.untilInterruptTaken();
        }
        assertFalse(finding.result.isDone());

        importer.onImage(IMAGE);

        assertSame(IMAGE, finding.image());
        assertTrue(finding.interruptedAfter);
        assertEquals(List.of(FACTS), upstream.requests);
    }

    @Test
    void shouldGiveTheInterruptBackWhenUpstreamIsLostMeanwhile() throws Exception {
        Finding finding = new Finding(importer, FACTS).untilWaiting();
        finding.thread.interrupt();
        finding.untilInterruptTaken();

        importer.onUpstreamLost("link closed");

        assertTrue(finding.failure().getMessage().contains("link closed"));
        assertTrue(finding.interruptedAfter);
    }

    @Test
    void shouldFailAllWaitersAndLaterCallersWhenUpstreamIsLost() throws Exception {
        importer.onImage(ClassImage.missing("com/acme/Here.txt", "no"));
        Finding one = new Finding(importer, FACTS).untilWaiting();
        Finding two = new Finding(importer, FACTS).untilWaiting();
        List<ClassImage> told = new ArrayList<>();
        importer.whenAvailable(FACTS, told::add);

        importer.onUpstreamLost("link to parent closed");
        importer.onUpstreamLost("a second reason is not heard");

        ClassRefusedException first = one.failure();
        assertEquals("com.acme.Facts was not loaded: link to parent closed", first.getMessage());
        assertEquals(Blame.PEER, first.blame());
        assertEquals(FACTS, first.path());
        assertNotSame(first, two.failure(), "each waiter needs its own stack");
        assertEquals("link to parent closed", told.get(0).reason());
        assertThrows(ClassRefusedException.class, () -> importer.find("com/acme/Later.class"));
        importer.whenAvailable("com/acme/Later.class", told::add);
        assertEquals("link to parent closed", told.get(1).reason());
        assertEquals("no", importer.find("com/acme/Here.txt").reason(), "what is here stays usable");
    }

    @Test
    void shouldAskAgainWhenTheRequestCouldNotBeSent() {
        upstream.failure = new IllegalStateException("stream is full");
        ClassRefusedException refused = assertThrows(ClassRefusedException.class, () -> importer.find(FACTS));
        assertTrue(refused.getMessage().contains("stream is full"), refused.getMessage());

        upstream.failure = null;
        upstream.answer(IMAGE);

        assertSame(IMAGE, importer.find(FACTS));
        assertEquals(List.of(FACTS, FACTS), upstream.requests);
    }

    @Test
    void shouldRefuseAtOnceInATurnUnlessTheImageIsHere() {
        upstream.mayWait = false;

        ClassRefusedException refused = assertThrows(ClassRefusedException.class, () -> importer.find(FACTS));
        importer.onImage(IMAGE);

        assertEquals("com.acme.Facts was not loaded: the broker thread must not wait for it", refused.getMessage());
        assertEquals(Blame.CALLER, refused.blame());
        assertEquals(List.of(), upstream.requests);
        assertSame(IMAGE, importer.find(FACTS));
    }

    @Test
    void shouldTellListenersOnceWithoutWaitingEvenInATurn() {
        upstream.mayWait = false;
        List<ClassImage> told = new ArrayList<>();
        importer.whenAvailable(FACTS, told::add);
        importer.whenAvailable(FACTS, told::add);
        assertEquals(List.of(), told);

        importer.onImage(IMAGE);
        importer.onImage(IMAGE);
        importer.whenAvailable(FACTS, told::add);

        assertEquals(List.of(IMAGE, IMAGE, IMAGE), told);
        assertEquals(List.of(FACTS), upstream.requests);
    }

    /** A thread that looks for one path. */
    private static final class Finding {
        final CompletableFuture<ClassImage> result = new CompletableFuture<>();
        final Thread thread;
        volatile boolean interruptedAfter;

        Finding(Importer importer, String path) {
            thread = new Thread(() -> {
                try {
                    ClassImage image = importer.find(path);
                    interruptedAfter = Thread.currentThread().isInterrupted();
                    result.complete(image);
                } catch (RuntimeException e) {
                    interruptedAfter = Thread.currentThread().isInterrupted();
                    result.completeExceptionally(e);
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        Finding untilWaiting() {
            return until(() -> thread.getState() == Thread.State.WAITING);
        }

        Finding untilInterruptTaken() {
            return until(() -> !thread.isInterrupted() && thread.getState() == Thread.State.WAITING);
        }

        ClassImage image() throws Exception {
            return result.get(10, TimeUnit.SECONDS);
        }

        ClassRefusedException failure() {
            Exception wrapped = assertThrows(Exception.class, this::image);
            return (ClassRefusedException) wrapped.getCause();
        }

        private Finding until(java.util.function.BooleanSupplier condition) {
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (!condition.getAsBoolean()) {
                assertTrue(System.nanoTime() - deadlineNs < 0, "thread is " + thread.getState());
                LockSupport.parkNanos(100_000);
            }
            return this;
        }
    }
}
