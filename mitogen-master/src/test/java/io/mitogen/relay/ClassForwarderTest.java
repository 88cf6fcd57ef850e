// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.core.load.ClassImage;
import io.mitogen.core.load.Importer;
import io.mitogen.core.load.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ClassForwarderTest {
    private final List<String> askedUp = new ArrayList<>();
    private final Importer importer = new Importer(
            new Upstream() {
                @Override
                public void request(String path) {
                    askedUp.add(path);
                }

                @Override
                public boolean mayWait() {
                    return false;
                }
            },
            17);
    private final ClassForwarder forwarder = new ClassForwarder(importer);
    private final List<String> sent = new ArrayList<>();

    @Test
    void shouldAskUpOnceAndAnswerAllWhoWait() {
        request("a/A.class", "left");
        request("a/A.class", "right");
        request("a/A.class", "left");
        assertEquals(List.of(), sent);

        importer.onImage(image("a/A.class"));

        assertEquals(List.of("a/A.class"), askedUp);
        assertEquals(List.of("left a/A.class", "right a/A.class", "left a/A.class"), sent);
    }

    @Test
    void shouldSendTheBundleAheadOnceDownEachStream() {
        importer.onImage(image("a/B.class", "a/A.class"));
        importer.onImage(image("a/C.class", "a/A.class"));
        request("a/A.class", "left");
        importer.onImage(image("a/A.class", "a/B.class", "a/C.class", "a/NotHere.class"));

        assertEquals(List.of("left a/B.class", "left a/C.class", "left a/A.class"), sent);
        sent.clear();
        request("a/C.class", "left");
        assertEquals(List.of("left a/C.class"), sent, "asked for again, answered again, nothing else repeated");
        sent.clear();
        request("a/C.class", "right");
        assertEquals(List.of("right a/A.class", "right a/B.class", "right a/C.class"), sent);
        assertEquals(List.of("a/A.class"), askedUp);
    }

    @Test
    void shouldPassNegativeAnswersOnWithTheirReason() {
        request("a/A.class", "left");
        importer.onImage(ClassImage.missing("a/A.class", "denied"));
        request("a/A.class", "right");

        assertEquals(List.of("left a/A.class: denied", "right a/A.class: denied"), sent);
        assertEquals(List.of("a/A.class"), askedUp);
    }

    @Test
    void shouldSendTheNewsOfWhatIsNotThereAheadOnceDownEachStream() {
        importer.onImage(ClassImage.missing("a/None.class", "none"));
        importer.onImage(image("a/A.class", "a/None.class"));
        importer.onImage(image("a/B.class", "a/A.class"));

        request("a/A.class", "left");
        request("a/B.class", "left");

        assertEquals(List.of("left a/None.class: none", "left a/A.class", "left a/B.class"), sent);
        assertEquals(List.of(), askedUp);
    }

    @Test
    void shouldAnswerNegativelyWhenUpstreamIsLost() {
        request("a/A.class", "left");
        importer.onUpstreamLost("link closed");
        request("a/B.class", "left");

        assertEquals(List.of("left a/A.class: link closed", "left a/B.class: link closed"), sent);
    }

    @Test
    void shouldDropAnswersForAStreamThatIsGone() {
        request("a/A.class", "left");
        forwarder.forget("left");
        importer.onImage(image("a/A.class"));

        assertEquals(List.of(), sent);
    }

    /** Where each request goes through all that went down before, this takes minutes. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldFollowABundleOnceWhenItsClassesAreAskedForAgainAndAgain() {
        String[] bundle = new String[4_000];
        for (int i = 0; i < bundle.length; i++) {
            bundle[i] = "a/B" + i + ".class";
            importer.onImage(image(bundle[i], "a/A.class"));
        }
        importer.onImage(image("a/A.class", bundle));
        int requests = 500_000;
        AtomicInteger images = new AtomicInteger();
        for (int i = 0; i < requests; i++) {
            forwarder.onRequest(bundle[i % bundle.length], "left", image -> images.incrementAndGet());
        }

        assertEquals(requests + bundle.length, images.get(), "the bundle once, and every answer");
    }

    private void request(String path, String stream) {
        forwarder.onRequest(
                path,
                stream,
                image -> sent.add(stream + " " + image.path() + (image.isMissing() ? ": " + image.reason() : "")));
    }

    private static ClassImage image(String path, String... related) {
        return ClassImage.found(path, "test", new byte[] {1}, List.of(related));
    }
}
