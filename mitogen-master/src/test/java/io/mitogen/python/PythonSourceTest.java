// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.Charset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PythonSourceTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x = 1\n",
                "x = '\u00e9\ud83d\udc0d'\r\n",
                "# coding: utf-8\nx = '\u00e9'\n",
                "# -*- coding: utf-8-unix -*-\nx = '\u00e9'\n",
                "# vim: set fileencoding=UTF8 :\nx = '\u00e9'\n",
                "# coding: latin-1\nascii = 1\n",
                "# coding: no-such-thing\nx = '\u00e9'\n"
            })
    void shouldLeaveAsItIsWhatIsUtf8OrAsciiOrUnknown(String source) {
        byte[] bytes = source.getBytes(UTF_8);

        assertArrayEquals(bytes, PythonSource.utf8(bytes));
    }

    @ParameterizedTest
    @CsvSource({
        "# -*- coding: latin-1 -*-, ISO-8859-1",
        "# coding=iso-8859-15, ISO-8859-15",
        "# vim: set fileencoding=cp1252 :, windows-1252",
        "# coding: koi8-r, KOI8-R",
        "\f # coding: euc_jp, EUC-JP",
        "# coding: Shift_JIS, Shift_JIS",
        "# coding: iso-latin-1-unix, ISO-8859-1"
    })
    void shouldSendOtherEncodingsAsUtf8AndDeclareThat(String declaration, String charset) {
        String text = charset.startsWith("EUC") || charset.startsWith("Shift")
                ? "\u65e5\u672c"
                : charset.startsWith("KOI") ? "\u0434\u0430" : "\u00e9\u00fc";
        String source = declaration + "\nx = '" + text + "'\n";

        String sent = new String(PythonSource.utf8(source.getBytes(Charset.forName(charset))), UTF_8);

        assertEquals(source.replaceFirst("coding([:=] ?)[-\\w.]+", "coding$1utf-8"), sent);
    }

    @Test
    void shouldLookForTheDeclarationWherePythonDoes() {
        assertSent(
                "#!/usr/bin/python\r\n# coding: utf-8\r\nx = '\u00e9'",
                "#!/usr/bin/python\r\n# coding: latin-1\r\nx = '\u00e9'");
        assertSent("\n# coding: utf-8\nx = '\u00e9'", "\n# coding: latin-1\nx = '\u00e9'");
        assertSent("# \u00e9\n# coding: utf-8\n", "# \u00e9\n# coding: latin-1\n");
        assertUnchanged("x = 1\n# coding: latin-1\n'\u00e9'");
        assertUnchanged("#\n#\n# coding: latin-1\n'\u00e9'");
        assertUnchanged("x = '# coding: latin-1'\n'\u00e9'");
    }

    @Test
    void shouldTakeAByteOrderMarkAway() {
        assertEquals("x = 1\n", new String(PythonSource.utf8("\ufeffx = 1\n".getBytes(UTF_8)), UTF_8));
    }

    @Test
    void shouldLeaveWhatIsNotInTheEncodingThatItDeclares() {
        byte[] bytes = "# coding: euc-jp\n'\u00e9\u00ff'".getBytes(ISO_8859_1);

        assertArrayEquals(bytes, PythonSource.utf8(bytes));
    }

    private static void assertSent(String expected, String source) {
        assertEquals(expected, new String(PythonSource.utf8(source.getBytes(ISO_8859_1)), UTF_8));
    }

    private static void assertUnchanged(String source) {
        byte[] bytes = source.getBytes(ISO_8859_1);
        assertArrayEquals(bytes, PythonSource.utf8(bytes), source);
    }
}
