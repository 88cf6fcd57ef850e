// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Python itself makes of minified source. */
class PythonMinifierIT {
    /** Compares the syntax trees of two files, statements that are only a string apart; exits with 1 where they differ. */
    private static final String COMPARE = """
            import ast, sys

            def shape(path):
                tree = ast.parse(open(path, encoding='utf-8').read())
                for node in ast.walk(tree):
                    if isinstance(node, ast.Expr) and isinstance(getattr(node.value, 'value', None), str):
                        node.value.value = ''
                lines = [n.lineno for n in ast.walk(tree) if hasattr(n, 'lineno')]
                return ast.dump(tree), lines

            for name in sys.argv[3:]:
                if shape(sys.argv[1] + '/' + name) != shape(sys.argv[2] + '/' + name):
                    sys.exit(name + ' became another program')
            """;

    @Test
    void shouldLeaveAllOfMitogenTheSameProgram(@TempDir Path minified) throws Exception {
        Path folder = MitogenPackage.of(PythonOptions.DEFAULT).folder();
        List<String> names;
        try (Stream<Path> files = Files.list(folder)) {
            names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".py"))
                    .sorted()
                    .toList();
        }
        long before = 0;
        long after = 0;
        for (String name : names) {
            String source = Files.readString(folder.resolve(name));
            String small = PythonMinifier.minify(source);
            Files.writeString(minified.resolve(name), small);
            before += source.length();
            after += small.length();
        }

        Process python = new ProcessBuilder(Stream.concat(
                                Stream.of("python3", "-c", COMPARE, folder.toString(), minified.toString()),
                                names.stream())
                        .toList())
                .redirectErrorStream(true)
                .start();

        assertEquals("", new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(0, python.waitFor());
        assertTrue(names.size() > 20, names::toString);
        assertTrue(after < before * 2 / 3, before + " characters became " + after);
    }
}
