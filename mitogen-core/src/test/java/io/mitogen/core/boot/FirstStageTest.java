// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two properties of {@link FirstStage} that the build gives it, and that no compiler would miss. */
final class FirstStageTest {
    private static final int JAVA_8_CLASS_FILE = 52;

    @Test
    void shouldBeAClassFileOfJava8() throws IOException {
        try (InputStream resource = FirstStage.class.getResourceAsStream("FirstStage.class")) {
            assertNotNull(resource);
            DataInputStream classFile = new DataInputStream(resource);
            assertEquals(0xcafebabe, classFile.readInt());
            classFile.readUnsignedShort();
            assertEquals(JAVA_8_CLASS_FILE, classFile.readUnsignedShort());
        }
    }

    @Test
    void shouldKnowNoClassOfTheCoreAndBeKnownByNone() throws URISyntaxException {
        List<String> edges = edgesAcrossTheBorderOf(FirstStage.class);

        assertEquals(List.of(), edges);
    }

    @Test
    void shouldFindALoaderOfTheCoreThatKnowsNoneOfItsClassesEither() throws URISyntaxException {
        List<String> edges = edgesAcrossTheBorderOf(CoreLoader.class);

        assertEquals(List.of(), edges);
    }

    @Test
    void shouldSayWhyItCannotBegin(@TempDir Path folder) throws Exception {
        Path classes = Path.of(FirstStage.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        String command = "exec \"$0\" -cp \"$1\" \"$2\" \"$3\" 4>/dev/null 2>&1";
        Process java = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        command,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        classes.toString(),
                        FirstStage.class.getName(),
                        folder.toString())
                .start();
        String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(1, java.waitFor());
        assertTrue(said.contains(folder + "/out"), said);
    }

    private static List<String> edgesAcrossTheBorderOf(Class<?> inside) throws URISyntaxException {
        return classEdges().stream()
                .filter(edge -> isPartOf(inside, edge[0]) != isPartOf(inside, edge[1]))
                .map(edge -> edge[0] + " -> " + edge[1])
                .toList();
    }

    /** Edges between classes of the core, as pairs of names. */
    private static List<String[]> classEdges() throws URISyntaxException {
        Path classes = Path.of(FirstStage.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        new PrintWriter(out),
                        new PrintWriter(err),
                        "--ignore-missing-deps",
                        "-verbose:class",
                        "-filter:none",
                        classes.toString());
        assertEquals(0, status, () -> out + "\n" + err);
        assertTrue(out.toString().contains(FirstStage.class.getName()), out::toString);
        return out.toString()
                .lines()
                .map(line -> line.trim().split("\\s+"))
                .filter(words -> words.length >= 3 && words[1].equals("->"))
                .map(words -> new String[] {words[0], words[2]})
                .filter(edge -> edge[1].startsWith("io.mitogen."))
                .toList();
    }

    private static boolean isPartOf(Class<?> outer, String className) {
        return className.equals(outer.getName()) || className.startsWith(outer.getName() + "$");
    }
}
