// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PythonImportScanTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "import a | a",
                "import a.b.c | a.b.c",
                "import a as x, b.c as y, d | a; b.c; d",
                "from a import b | a: b",
                "from a.b import c as d, e | a.b: c, e",
                "from a import * | a",
                "from . import a | .: a",
                "from .a import b | .a: b",
                "from ...a.b import c | ...a.b: c",
                "from .... import c | ....: c",
                "from a import (b, c as d,) | a: b, c",
                "import a; import b ;from c import d; x = 1 | a; b; c: d",
                "if x: import a | a",
                "else: from a import b | a: b",
                "import a . b | a.b",
                "from a import b, | a: b",
                "import \u00e9t\u00e9 | \u00e9t\u00e9",
                "async def f(): import a | (a)",
                "def f(x: int = {1: 2}[1]) -> int: import a; import b | (a); (b)",
            })
    void shouldFindEachForm(String source, String expected) {
        assertEquals(expected, scan(source));
        assertEquals(expected, scan(source + "\n"));
        assertEquals(expected, scan("x = 1\r\n" + source + " # import no\r\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# import a",
                "'import a'",
                "x = '''\nimport a\n'''",
                "\"\"\"doc\nimport a\n\"\"\"",
                "r'\\'\nimport_a = 1",
                "x = 'a\\\nimport b'",
                "f'{x}import a'",
                "raise X from y",
                "x = yield from y",
                "importer = 1",
                "from_ = 2",
                "x.import_ = 3",
                "foo(\nimport_\n)",
                "x = [\n'import a',\n# import b\n]",
                "import",
                "from",
                "from a",
                "from a.b",
                "from . x",
                "import (a)",
                "import .a"
            })
    void shouldFindNothingWhereNothingIsImported(String source) {
        assertEquals("", scan(source));
    }

    @Test
    void shouldFindImportsWhereverTheyStand() {
        String source = """
                \"\"\"import no\"\"\"
                from __future__ import annotations
                try:
                \timport a
                except ImportError:
                    import b; x = '''
                import no
                '''; import c
                if (x and
                    y): import d
                class K(object):
                    import e
                    def f(self):
                        import lazy1
                        if x:
                            from lazy2 import (  # why
                                z,   # import no
                                w as v
                            )
                # import no

                    import f
                import g, \\
                    h
                match = lambda: 0
                def f():
                  # comment at another column
                \tyield from x
                \timport lazy3
                import i
                with x as y, z: import j
                """;

        assertEquals(
                "__future__: annotations; a; b; c; d; e; (lazy1); (lazy2: z, w); f; g; h; (lazy3); i; j", scan(source));
    }

    @Test
    void shouldGoOnBehindBrokenLines() {
        assertEquals("a; b; c", scan("import a\nx = 'not closed\nimport b\nfrom import x\n)\nimport c"));
    }

    @Test
    void shouldResolveRelativeImports() {
        assertEquals(List.of("p.q", "p.q.x"), candidates(1, "", "p.q.m", false));
        assertEquals(List.of("p.q.m", "p.q.m.x"), candidates(1, "", "p.q.m", true));
        assertEquals(List.of("p.a.b", "p.a.b.x"), candidates(2, "a.b", "p.q.m", false));
        assertEquals(List.of("p.q.a", "p.q.a.x"), candidates(2, "a", "p.q.m", true));
        assertEquals(List.of("a", "a.x"), candidates(0, "a", "p.q.m", true));
        assertEquals(List.of(), candidates(1, "a", "top", false));
        assertEquals(List.of("top.a", "top.a.x"), candidates(1, "a", "top", true));
        assertEquals(List.of(), candidates(4, "a", "p.q.m", false));
    }

    private static List<String> candidates(int level, String module, String importer, boolean isPackage) {
        return new PythonImport(level, module, List.of("x"), false).candidates(importer, isPackage);
    }

    static String scan(String source) {
        return PythonImportScan.of(source).stream()
                .map(PythonImportScanTest::show)
                .collect(Collectors.joining("; "));
    }

    private static String show(PythonImport each) {
        String text = ".".repeat(each.level()) + each.module();
        if (!each.names().isEmpty() || each.level() > 0) {
            text += ": " + String.join(", ", each.names());
        }
        return each.isLazy() ? "(" + text + ")" : text;
    }
}
