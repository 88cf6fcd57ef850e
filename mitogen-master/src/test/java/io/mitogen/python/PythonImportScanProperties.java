// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class PythonImportScanProperties {
    private static final List<String> NOISE = List.of(
            "x = 1",
            "# import no",
            "'''\nimport no\n'''",
            "\"\"\"it's\nfrom no import no\\\"\"\"\"",
            "s = 'import no' \"# '\" # it's",
            "f(\n  import_no,\n  [{'a': \"\"\"\nimport no\n\"\"\"}]\n)",
            "x = a + \\\n  b",
            "",
            "   ",
            "\t# odd indent",
            "r'\\' ; y = rb\"\"\"\\\"\"\"\"",
            "z = 1.e5 if x else 0x_ff",
            "@decorator(from_=1)");

    @Property
    void shouldTakeAnyText(@ForAll("soup") String text) {
        List<PythonImport> found = PythonImportScan.of(text);

        assertTrue(found.size() <= text.length());
        found.forEach(each -> each.candidates("a.b", true));
    }

    @Property
    void shouldFindAllImportsAmongOtherLinesAndNothingElse(
            @ForAll("lines") List<List<String>> lines, @ForAll("ends") String lineEnd) {
        StringBuilder source = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (List<String> line : lines) {
            source.append(line.get(0)).append(lineEnd);
            expected.addAll(line.subList(1, line.size()));
        }

        String text = source.toString().replace("\n", lineEnd.equals("\n") ? "\n" : lineEnd);

        assertEquals(String.join("; ", expected), PythonImportScanTest.scan(text), text);
    }

    @Provide
    Arbitrary<String> soup() {
        return Arbitraries.of(
                        "import", "from", "def", "async", "as", " ", "\n", "\r\n", "\t", ".", ",", "(", ")", "*", ":",
                        ";", "'", "\"", "'''", "\"\"\"", "\\", "#", "a", "b1", "1", "\ud83d", "\u00e9", "\0", "{", "}",
                        "\f")
                .list()
                .ofMaxSize(60)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<String> ends() {
        return Arbitraries.of("\n", "\r");
    }

    /** A line of source, and the imports in it. */
    @Provide
    Arbitrary<List<List<String>>> lines() {
        Arbitrary<String> name = Arbitraries.strings()
                .withCharRange('a', 'e')
                .ofMinLength(1)
                .ofMaxLength(3)
                .map(each -> "m_" + each);
        Arbitrary<String> dotted = name.list().ofMinSize(1).ofMaxSize(3).map(parts -> String.join(".", parts));
        Arbitrary<List<String>> plain = dotted.map(each -> List.of("import " + each + " as x", each));
        Arbitrary<List<String>> from = Combinators.combine(dotted, name)
                .as((module, each) -> List.of("from " + module + " import (" + each + ",)", module + ": " + each));
        Arbitrary<List<String>> relative = Combinators.combine(
                        Arbitraries.integers().between(1, 3), name)
                .as((level, each) -> List.of(
                        "if x: from " + ".".repeat(level) + " import " + each, ".".repeat(level) + ": " + each));
        Arbitrary<List<String>> lazy = dotted.map(each -> List.of("def f():\n  import " + each, "(" + each + ")"));
        Arbitrary<List<String>> noise = Arbitraries.of(NOISE).map(List::of);
        return Arbitraries.oneOf(plain, from, relative, lazy, noise).list().ofMaxSize(20);
    }
}
