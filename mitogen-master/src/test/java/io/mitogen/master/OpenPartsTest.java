// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import org.junit.jupiter.api.Test;

class OpenPartsTest {
    private static final byte[] CONTENT = {0, 1, 2, 3, 4, 5, 6, 7};

    private long nowNs = Long.MAX_VALUE - OpenParts.IDLE_NS / 2; // so that it overflows
    private int opened;
    private int closed;
    private final OpenParts parts = new OpenParts(() -> nowNs);

    private InputStream file() {
        opened++;
        return new ByteArrayInputStream(CONTENT) {
            @Override
            public void close() {
                closed++;
            }
        };
    }

    private static URL url(String name) throws IOException {
        return new URL("file:/" + name);
    }

    private static Extent part(long offset) {
        return new Extent(offset, 3, false, 0);
    }

    private byte[] read(String name, long offset) throws IOException {
        byte[] next = parts.next(this, url(name), part(offset));
        return next == null ? parts.first(this, url(name), part(offset), file()) : next;
    }

    @Test
    void shouldOpenAFileOnceForAllItsParts() throws IOException {
        assertArrayEquals(new byte[] {0, 1, 2}, read("a", 0));
        assertArrayEquals(new byte[] {3, 4, 5}, read("a", 3));
        assertEquals(0, closed);
        assertArrayEquals(new byte[] {6, 7}, read("a", 6));
        assertEquals(1, opened);
        assertEquals(1, closed, "at its end");
        assertArrayEquals(new byte[0], read("a", 8));
        assertFalse(parts.isAnyOpen());
    }

    @Test
    void shouldOpenAFileAgainForWhoReadsItFromTheStartOrElsewhere() throws IOException {
        read("a", 0);
        assertArrayEquals(new byte[] {0, 1, 2}, read("a", 0));
        assertArrayEquals(new byte[] {2, 3, 4}, read("a", 2));
        assertNull(parts.next("another", url("a"), part(3)), "which may have another file of that name");
        assertEquals(3, opened);
        assertArrayEquals(new byte[] {3, 4, 5}, read("a", 3));
        assertEquals(3, opened);
    }

    @Test
    void shouldKeepFewOpenAndCloseTheLeastRecentlyUsed() throws IOException {
        for (int i = 0; i < OpenParts.MAX_OPEN; i++) {
            read("f" + i, 0);
        }
        read("f0", 3);
        read("g", 0);
        assertEquals(1, closed);
        assertNull(parts.next(this, url("f1"), part(3)));
        assertArrayEquals(new byte[] {6, 7}, parts.next(this, url("f0"), part(6)));
    }

    @Test
    void shouldCloseWhatNobodyReadsAnyMore() throws IOException {
        read("old", 0);
        nowNs += OpenParts.IDLE_NS - 1;
        read("new", 0);
        parts.closeIdle();
        assertEquals(0, closed);
        nowNs++;
        parts.closeIdle();
        assertEquals(1, closed);
        assertTrue(parts.isAnyOpen());
        parts.close();
        assertEquals(2, closed);
        assertFalse(parts.isAnyOpen());
    }

    @Test
    void shouldKeepNothingOpenThatIsReadWhole() throws IOException {
        parts.first(this, url("a"), new Extent(0, 3, false, Extent.EVERY), file());
        assertEquals(1, closed);
    }

    @Test
    void shouldCloseAFileThatCannotBeRead() throws IOException {
        InputStream broken = new InputStream() {
            @Override
            public int read() {
                throw new IllegalStateException();
            }

            @Override
            public void close() {
                closed++;
            }
        };
        try {
            parts.first(this, url("a"), part(0), broken);
        } catch (IllegalStateException expected) {
            assertEquals(1, closed);
        }
    }
}
