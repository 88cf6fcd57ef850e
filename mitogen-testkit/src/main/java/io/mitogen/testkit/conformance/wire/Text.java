// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.wire;

import java.io.ByteArrayOutputStream;

/** UTF-8 as Python's pickles have it: a lone surrogate is three bytes, and what is malformed is refused. Any thread. */
final class Text {
    private Text() {}

    static byte[] encode(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        text.codePoints().forEach(c -> {
            if (c < 0x80) {
                out.write(c);
            } else if (c < 0x800) {
                out.write(0xc0 | c >> 6);
                out.write(0x80 | c & 0x3f);
            } else if (c < 0x10000) {
                out.write(0xe0 | c >> 12);
                out.write(0x80 | c >> 6 & 0x3f);
                out.write(0x80 | c & 0x3f);
            } else {
                out.write(0xf0 | c >> 18);
                out.write(0x80 | c >> 12 & 0x3f);
                out.write(0x80 | c >> 6 & 0x3f);
                out.write(0x80 | c & 0x3f);
            }
        });
        return out.toByteArray();
    }

    static String decode(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        int at = 0;
        while (at < bytes.length) {
            int first = bytes[at] & 0xff;
            int more =
                    first < 0x80 ? 0 : first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : -1;
            if (more < 0 || at + more >= bytes.length) {
                throw new PickleError("text that is no UTF-8, at byte " + at);
            }
            int c = more == 0 ? first : first & 0x3f >> more;
            for (int i = 1; i <= more; i++) {
                int next = bytes[at + i] & 0xff;
                if ((next & 0xc0) != 0x80) {
                    throw new PickleError("text that is no UTF-8, at byte " + (at + i));
                }
                c = c << 6 | next & 0x3f;
            }
            text.appendCodePoint(c);
            at += 1 + more;
        }
        return text.toString();
    }
}
