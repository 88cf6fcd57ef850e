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
    void shouldForgetTheOldestNegativeAnswersWhenThereAreTooMany() {
        cache.put(ClassImage.missing("later/Found.class", "not yet"));
        cache.put(ClassImage.found("later/Found.class", "", new byte[0], List.of()));
        for (int i = 0; i <= ImageCache.MAX_MISSING; i++) {
            cache.put(ClassImage.missing("no/Class" + i, "none"));
            cache.put(ClassImage.missing("no/Class" + i, "none"));
        }

        assertNull(cache.get("no/Class0"));
        assertTrue(cache.get("no/Class1").isMissing());
        assertTrue(cache.get("no/Class" + ImageCache.MAX_MISSING).isMissing());
        assertFalse(cache.get("later/Found.class").isMissing(), "what was found since stays");
    }
}
