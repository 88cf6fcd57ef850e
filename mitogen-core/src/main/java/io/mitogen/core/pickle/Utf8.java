// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import io.mitogen.core.Nullable;
import java.nio.charset.StandardCharsets;

/**
 * UTF-8 as Python's pickle has it: strict, but half of a surrogate pair on its own is three bytes and survives. Any
 * thread.
 */
final class Utf8 {
    private Utf8() {}

    /** Returns the text, or null if the bytes are not UTF-8 in this sense. */
    @Nullable
    static String decode(byte[] data, int offset, int length) {
        String text = new String(data, offset, length, StandardCharsets.UTF_8);
        // The JDK's fast decoder puts U+FFFD for what it cannot read. Where there is none, it read everything.
        return text.indexOf('\uFFFD') < 0 ? text : decodeExactly(data, offset, length);
    }

    @Nullable
    private static String decodeExactly(byte[] data, int offset, int length) {
        char[] chars = new char[length];
        int count = 0;
        int at = offset;
        int end = offset + length;
        while (at < end) {
            int first = data[at++];
            if (first >= 0) {
                chars[count++] = (char) first;
                continue;
            }
            int more = (first & 0xe0) == 0xc0 ? 1 : (first & 0xf0) == 0xe0 ? 2 : (first & 0xf8) == 0xf0 ? 3 : 0;
            if (more == 0 || more > end - at) {
                return null;
            }
            int codePoint = first & (0x3f >> more);
            for (int i = 0; i < more; i++) {
                if ((data[at] & 0xc0) != 0x80) {
                    return null;
                }
                codePoint = codePoint << 6 | data[at++] & 0x3f;
            }
            int least = more == 1 ? 0x80 : more == 2 ? 0x800 : 0x10000;
            if (codePoint < least || codePoint > Character.MAX_CODE_POINT) {
                return null;
            }
            count += Character.toChars(codePoint, chars, count);
        }
        return new String(chars, 0, count);
    }

    /** Returns the number of bytes of {@code text}; up to three times its length. */
    static long length(String text) {
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            length += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            if (isPair(text, i)) {
                length++;
                i++;
            }
        }
        return length;
    }

    /** Writes {@code text} to {@code out} at {@code at}, where there is room. Returns the position after it. */
    static int encode(String text, byte[] out, int at) {
        int next = at;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                out[next++] = (byte) c;
            } else if (c < 0x800) {
                out[next++] = (byte) (0xc0 | c >> 6);
                out[next++] = (byte) (0x80 | c & 0x3f);
            } else if (isPair(text, i)) {
                int codePoint = text.codePointAt(i++);
                out[next++] = (byte) (0xf0 | codePoint >> 18);
                out[next++] = (byte) (0x80 | codePoint >> 12 & 0x3f);
                out[next++] = (byte) (0x80 | codePoint >> 6 & 0x3f);
                out[next++] = (byte) (0x80 | codePoint & 0x3f);
            } else {
                out[next++] = (byte) (0xe0 | c >> 12);
                out[next++] = (byte) (0x80 | c >> 6 & 0x3f);
                out[next++] = (byte) (0x80 | c & 0x3f);
            }
        }
        return next;
    }

    private static boolean isPair(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at))
                && at + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(at + 1));
    }
}
