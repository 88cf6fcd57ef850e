// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.pickle.Blob;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.pickle.Tuple;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassImageTest {
    private static final String FACTS = "com/acme/Facts.class";
    private static final byte[] BYTES = {5, 6, 7};

    @Test
    void shouldReadWhatItWroteWhenFound() {
        List<String> related = List.of("com/acme/Other.class", "META-INF/services/com.acme.Facts");
        ClassImage sent = ClassImage.found(FACTS, "acme.jar", ScriptedUpstream.deflate(BYTES), related);

        ClassImage read = ClassImage.decode(sent.encode());

        assertEquals(FACTS, read.path());
        assertEquals("acme.jar", read.origin());
        assertEquals(related, read.related());
        assertFalse(read.isMissing());
        assertArrayEquals(BYTES, read.content());
        assertArrayEquals(BYTES, read.copies().get(0));
    }

    @Test
    void shouldReadWhatItWroteWhenMissing() {
        ClassImage read =
                ClassImage.decode(ClassImage.missing(FACTS, "denied by rule").encode());

        assertTrue(read.isMissing());
        assertEquals("denied by rule", read.reason());
        assertEquals(List.of(), read.copies());
        assertEquals(List.of(), read.related());
    }

    @Test
    void shouldReadTheNegativeAnswerOfAPythonMaster() {
        byte[] payload = PickleWriter.toBytes(Tuple.of(FACTS, null, null, null, Tuple.of()));

        ClassImage read = ClassImage.decode(payload);

        assertTrue(read.isMissing());
        assertFalse(read.reason().isEmpty());
    }

    @Test
    void shouldTakeABlobAsData() {
        Blob data = Blob.of(ScriptedUpstream.deflate(BYTES));

        ClassImage read = ClassImage.decode(PickleWriter.toBytes(Tuple.of(FACTS, null, "x", data, List.of())));

        assertArrayEquals(BYTES, read.content());
    }

    @Test
    void shouldKeepAllCopiesOfAResourceInOrder() {
        ClassImage image = ScriptedUpstream.resource("a.txt", BYTES, new byte[0], new byte[] {9});

        List<byte[]> copies = ClassImage.decode(image.encode()).copies();

        assertEquals(3, copies.size());
        assertArrayEquals(BYTES, copies.get(0));
        assertEquals(0, copies.get(1).length);
        assertArrayEquals(new byte[] {9}, copies.get(2));
    }

    @Test
    void shouldRefuseAPayloadOfAnotherShape() {
        assertCorrupt("no tuple", PickleWriter.toBytes("text"));
        assertCorrupt("no tuple", PickleWriter.toBytes(Tuple.of(FACTS)));
        assertCorrupt("names nothing", PickleWriter.toBytes(Tuple.of(null, null, null, null, null)));
        assertCorrupt("no bytes", PickleWriter.toBytes(Tuple.of(FACTS, null, "x", "text", List.of())));
        assertCorrupt("related", PickleWriter.toBytes(Tuple.of(FACTS, null, "x", BYTES, Tuple.of(Tuple.of()))));
        assertCorrupt("no pickle", new byte[] {1, 2, 3});
    }

    @Test
    void shouldRefuseDataThatIsCutOffOrNotDeflated() {
        byte[] whole = ScriptedUpstream.deflate(new byte[1000]);
        assertUnreadable("cut off", Arrays.copyOf(whole, whole.length - 6));
        assertUnreadable("cut off", new byte[0]);
        assertUnreadable("cannot be inflated", BYTES);
    }

    @Test
    void shouldRefuseDataThatInflatesBeyondTheLimit() {
        byte[] bomb = ScriptedUpstream.deflate(new byte[ClassImage.CONTENT_LIMIT + 1]);
        assertTrue(bomb.length < 100_000, "bomb of " + bomb.length);
        assertUnreadable("inflates to more than", bomb);
    }

    @Test
    void shouldRefuseCopiesThatDoNotFillTheirImage() {
        assertCopiesRefused(new byte[] {0, 0});
        assertCopiesRefused(new byte[] {0, 0, 0, 1});
        assertCopiesRefused(new byte[] {0, 0, 0, 1, 0, 0, 0, 9, 1});
        assertCopiesRefused(new byte[] {0, 0, 0, 1, -1, -1, -1, -2});
        assertCopiesRefused(new byte[] {0, 0, 0, 0, 7});
        assertCopiesRefused(new byte[] {-1, 0, 0, 0});
        assertCopiesRefused(new byte[] {127, 0, 0, 0, 0, 0, 0, 0});
    }

    @Test
    void shouldNameClassesAsPeopleDo() {
        assertEquals("com.acme.Outer$Inner", ClassImage.nameOf("com/acme/Outer$Inner.class"));
        assertEquals("META-INF/services/a.B", ClassImage.nameOf("META-INF/services/a.B"));
        assertEquals("com/acme/Outer$Inner.class", ClassImage.pathOf("com.acme.Outer$Inner"));
    }

    private static void assertCorrupt(String part, byte[] payload) {
        CorruptImageException e = assertThrows(CorruptImageException.class, () -> ClassImage.decode(payload));
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    private static void assertUnreadable(String part, byte[] data) {
        ClassImage image = ClassImage.found(FACTS, "x", data, List.of());
        CorruptImageException e = assertThrows(CorruptImageException.class, image::content);
        assertTrue(e.getMessage().contains(part) && e.getMessage().contains(FACTS), e.getMessage());
    }

    private static void assertCopiesRefused(byte[] content) {
        ClassImage image = ClassImage.found("a.txt", "x", ScriptedUpstream.deflate(content), List.of());
        CorruptImageException e = assertThrows(CorruptImageException.class, image::copies);
        assertTrue(e.getMessage().contains("a.txt"), e.getMessage());
    }
}
