// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/** The rooms of the core only look down, and outside of it they see nothing but {@code java.base}. */
final class PackageGraphTest {
    private static final String ROOT = "io.mitogen.core";
    private static final String BASE = "java.base";

    private static final Map<String, Set<String>> ALLOWED = Map.ofEntries(
            Map.entry("root", Set.of()),
            Map.entry("buffer", Set.of("root")),
            Map.entry("concurrent", Set.of("root")),
            Map.entry("pickle", Set.of("root")),
            Map.entry("wire", Set.of("root", "buffer", "pickle")),
            Map.entry("loop", Set.of("root", "buffer", "concurrent")),
            Map.entry("route", Set.of("root", "buffer", "concurrent", "wire", "loop")),
            Map.entry("call", Set.of("root", "concurrent", "pickle", "wire", "loop", "route")),
            Map.entry("load", Set.of("root", "concurrent", "pickle", "wire", "route")),
            Map.entry("log", Set.of("root", "concurrent", "pickle", "wire", "route")),
            Map.entry(
                    "boot",
                    Set.of("root", "buffer", "concurrent", "pickle", "wire", "loop", "route", "call", "load", "log")));

    @Test
    void shouldOnlyLookDown() throws URISyntaxException {
        Map<String, Set<String>> found = edges();
        assertTrue(found.keySet().containsAll(ALLOWED.keySet()), "rooms found: " + found.keySet());
        assertTrue(found.get("route").contains("wire"), "an edge that must be seen: " + found);
        Map<String, Set<String>> forbidden = new TreeMap<>();
        for (Map.Entry<String, Set<String>> room : found.entrySet()) {
            Set<String> tooMuch = new TreeSet<>(room.getValue());
            tooMuch.removeAll(ALLOWED.getOrDefault(room.getKey(), Set.of()));
            tooMuch.remove(BASE);
            if (!tooMuch.isEmpty()) {
                forbidden.put(room.getKey(), tooMuch);
            }
        }
        assertEquals(Map.of(), forbidden, "rooms that look where they may not");
    }

    /** Returns, for each room, the rooms it uses, and the modules where it uses other packages. */
    private static Map<String, Set<String>> edges() throws URISyntaxException {
        Path classes = Path.of(
                Log.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        new PrintWriter(out),
                        new PrintWriter(err),
                        "-verbose:package",
                        "-filter:none",
                        "--multi-release",
                        "base",
                        classes.toString());
        assertEquals(0, status, out + "" + err);
        Map<String, Set<String>> edges = new TreeMap<>();
        for (String line : out.toString().lines().toList()) {
            String[] words = line.trim().split("\\s+"); // from -> to module
            if (words.length == 4 && words[1].equals("->") && words[0].startsWith(ROOT)) {
                edges.computeIfAbsent(room(words[0]), room -> new TreeSet<>())
                        .add(words[2].startsWith(ROOT) ? room(words[2]) : words[3]);
            }
        }
        edges.forEach((room, uses) -> uses.remove(room));
        return edges;
    }

    private static String room(String name) {
        return name.equals(ROOT) ? "root" : name.substring(ROOT.length() + 1);
    }
}
