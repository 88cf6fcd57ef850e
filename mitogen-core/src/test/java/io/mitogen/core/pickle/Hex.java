// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import java.util.HexFormat;

/** Bytes in hexadecimal, as vectors have them; blanks between them are ignored. Any thread. */
final class Hex {
    private Hex() {}

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    static String of(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
