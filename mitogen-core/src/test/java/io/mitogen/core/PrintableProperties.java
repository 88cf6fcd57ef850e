// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class PrintableProperties {
    /** Characters that move a cursor, reorder or hide text, by their Unicode category; an unpaired surrogate is Cs. */
    private static final Pattern HIDDEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    private static final String SPECIAL =
            "\0\007\b\t\n\u000b\f\r\u001b\u007f\u0085\u009b\u00ad\u061c\u200b\u200e\u200f\u2028"
                    + "\u2029\u202a\u202e\u2060\u2066\u2069\ufeff\ufff9\ud800\udc00\udb40\udc01 ab\\";

    @Provide
    Arbitrary<String> anyText() {
        return Arbitraries.oneOf(
                Arbitraries.strings().all().ofMaxLength(30),
                Arbitraries.strings().withChars(SPECIAL.toCharArray()).ofMaxLength(30));
    }

    @Provide
    Arbitrary<String> plainText() {
        return anyText().filter(text -> !HIDDEN.matcher(text).find());
    }

    @Property
    void shouldLeaveNothingHiddenInALine(@ForAll("anyText") String raw) {
        assertFalse(HIDDEN.matcher(Printable.line(raw)).find(), Printable.line(raw));
    }

    @Property
    void shouldLeaveNothingHiddenInLinesButTheirEndsAndTabs(@ForAll("anyText") String raw) {
        String visible = Printable.text(raw).replace("\n", "").replace("\t", "");
        assertFalse(HIDDEN.matcher(visible).find(), visible);
        assertEquals(
                raw.chars().filter(c -> c == '\n').count(),
                Printable.text(raw).chars().filter(c -> c == '\n').count());
    }

    @Property
    void shouldBeginOnlyTheFirstLineAtTheMargin(@ForAll("anyText") String raw) {
        String[] lines = Printable.indented(raw).split("\n", -1);
        for (int i = 1; i < lines.length; i++) {
            assertTrue(lines[i].startsWith("    ") || lines[i].startsWith("\t"), lines[i]);
        }
    }

    @Property
    void shouldNotChangePlainText(@ForAll("plainText") String plain) {
        assertEquals(plain, Printable.line(plain));
        assertEquals(plain + "\n\t" + plain, Printable.text(plain + "\n\t" + plain));
        assertEquals(plain, Printable.indented(plain));
    }

    @Property
    void shouldChangeNothingTheSecondTime(@ForAll("anyText") String raw) {
        assertEquals(Printable.line(raw), Printable.line(Printable.line(raw)));
        assertEquals(Printable.text(raw), Printable.text(Printable.text(raw)));
        assertEquals(Printable.indented(raw), Printable.indented(Printable.indented(raw)));
    }

    @Property
    void shouldKeepNoMoreThanIsWanted(@ForAll("anyText") String raw, @ForAll @IntRange(max = 40) int maxChars) {
        String line = Printable.line(raw, maxChars);
        assertTrue(line.length() <= maxChars, line);
        assertTrue(Printable.line(raw).startsWith(line), line);
        assertEquals(line, Printable.line(line));
        String text = Printable.text(raw, maxChars);
        assertTrue(text.equals(Printable.text(raw)) || text.endsWith(" ..."), text);
    }

    @Example
    void shouldSayWhichCharacterItWas() {
        assertEquals("\\u001b[2J\\u000a\\u0009", Printable.line("\u001b[2J\n\t"));
        assertEquals("a\n\\u000db\t", Printable.text("a\r\n\rb\t"));
        assertEquals("\\udb40\\udc01\\ud800 \ud83d\ude00", Printable.line("\udb40\udc01\ud800 \ud83d\ude00"));
        assertEquals("one\n    two", Printable.indented("one\ntwo"));
        assertEquals("one\n\tat two\n    three", Printable.indented("one\n\tat two\n    three"));
    }
}
