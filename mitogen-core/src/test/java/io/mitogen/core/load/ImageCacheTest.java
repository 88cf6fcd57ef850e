// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ImageCacheTest {
    private static final ClassImage IMAGE = ScriptedUpstream.classImage("a/A.class", new byte[] {1});

    private final ImageCache cache = new ImageCache();

    @Test
    void shouldLetTheImageOfADefinedClassGoInALeaf() {
        cache.put(IMAGE);
        cache.forgetDefined();
        assertSame(IMAGE, cache.get("a/A.class"), "not defined yet");

        cache.onDefined("a/A.class");
        assertSame(IMAGE, cache.get("a/A.class"), "memory is not short");

        cache.forgetDefined();
        assertNull(cache.get("a/A.class"));
    }

    @Test
    void shouldKeepAllThatItHasFromWhenItFeedsChildren() {
        cache.put(IMAGE);
        cache.onDefined("a/A.class");
        cache.keepForChildren();
        ClassImage later = ScriptedUpstream.classImage("a/B.class", new byte[] {2});
        cache.put(later);
        cache.onDefined("a/B.class");

        cache.forgetDefined();

        assertSame(IMAGE, cache.get("a/A.class"));
        assertSame(later, cache.get("a/B.class"));
    }

    @Test
    void shouldForgetAllWhenWhatCameTakesMoreThanAShareOfTheHeap() {
        cache.heapBytes = 4 * (10 * (ImageCache.IMAGE_BYTES + 2 * 10_000) + 1_000);
        cache.put(IMAGE);
        for (int i = 0; i < 10; i++) {
            cache.put(ClassImage.missing(longName(i), ""));
        }
        assertTrue(cache.get(longName(0)).isMissing(), "ten fit");
        assertSame(IMAGE, cache.get("a/A.class"));

        cache.put(ClassImage.missing(longName(10), ""));

        assertNull(cache.get(longName(0)));
        assertNull(cache.get("a/A.class"));
        assertTrue(cache.get(longName(10)).isMissing());
    }

    @Test
    void shouldCountTheContentOfWhatWasFound() {
        cache.heapBytes = 4 * 10_000;
        cache.keepForChildren();
        cache.put(ClassImage.found("a/B.class", "", new byte[5_000], List.of()));
        cache.put(ClassImage.found("a/C.class", "", new byte[5_000], List.of()));

        assertNull(cache.get("a/B.class"));
        assertFalse(cache.get("a/C.class").isMissing());
    }

    private static String longName(int number) {
        return "x".repeat(9_998) + (10 + number);
    }
}
