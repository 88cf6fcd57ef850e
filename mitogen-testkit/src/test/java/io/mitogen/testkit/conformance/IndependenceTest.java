// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/** A mistake in the core must not excuse itself: the kit has nothing of it. */
final class IndependenceTest {
    private static final Pattern EDGE =
            Pattern.compile("(?m)^\\s+(io\\.mitogen\\.testkit\\.conformance\\.\\S+)\\s+-> (io\\.mitogen\\.\\S+)");

    @Test
    void shouldUseNothingOfTheLibraryButWhatStartsItsChild() throws Exception {
        Path classes = Path.of(
                Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        StringWriter out = new StringWriter();
        ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        new PrintWriter(out, true),
                        new PrintWriter(out, true),
                        "-verbose:class",
                        "-filter:none",
                        "--ignore-missing-deps",
                        "--multi-release",
                        "base",
                        "-cp",
                        System.getProperty("java.class.path"),
                        classes.toString());
        Set<String> used = new TreeSet<>();
        Matcher edges = EDGE.matcher(out.toString());
        int count = 0;
        while (edges.find()) {
            count++;
            if (!edges.group(2).startsWith("io.mitogen.testkit.conformance.")) {
                used.add(edges.group(2));
            }
        }
        assertTrue(count > 100, out::toString);
        assertEquals(Set.of("io.mitogen.master.ChildStart"), used);
    }
}
