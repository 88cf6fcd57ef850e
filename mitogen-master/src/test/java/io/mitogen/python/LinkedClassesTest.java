// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.Log;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/** Turns may not load classes, so what passes Python modules on is linked beforehand: all of it. */
final class LinkedClassesTest {
    @Test
    void shouldLinkAllThatIsUsedInTurns() throws Exception {
        Set<String> linked = new TreeSet<>();
        PythonForwarder.link(new ClassLoader(getClass().getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                linked.add(name);
                return super.loadClass(name, resolve);
            }
        });

        Set<String> used = new TreeSet<>();
        ArrayDeque<String> open = new ArrayDeque<>();
        open.addAll(
                List.of(PythonForwarder.class.getName(), PythonBoot.class.getName(), PythonViaAttempt.class.getName()));
        Map<String, Set<String>> edges = edges();
        while (!open.isEmpty()) {
            String name = open.remove();
            if (used.add(name)) {
                open.addAll(edges.getOrDefault(name, Set.of()));
            }
        }

        assertEquals(used, linked);
        assertTrue(used.contains(PythonParent.class.getName()), used.toString());
    }

    private static String placeOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }

    /** Returns which classes of this package each of them uses. */
    private static Map<String, Set<String>> edges() throws Exception {
        StringWriter out = new StringWriter();
        int status = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        new PrintWriter(out),
                        new PrintWriter(out),
                        "-verbose:class",
                        "-filter:none",
                        "--multi-release",
                        "base",
                        "--module-path",
                        placeOf(Log.class),
                        placeOf(PythonForwarder.class));
        assertEquals(0, status, out::toString);
        Map<String, Set<String>> edges = new HashMap<>();
        String here = PythonForwarder.class.getPackageName() + ".";
        for (String line : out.toString().lines().toList()) {
            String[] words = line.trim().split("\\s+"); // from -> to module
            if (words.length >= 3 && words[0].startsWith(here) && words[2].startsWith(here)) {
                edges.computeIfAbsent(words[0], ignored -> new TreeSet<>()).add(words[2]);
            }
        }
        return edges;
    }
}
