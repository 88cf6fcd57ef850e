// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

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
}
