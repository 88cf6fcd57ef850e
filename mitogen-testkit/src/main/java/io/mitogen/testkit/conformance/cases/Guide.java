// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What there is to know of a rule beyond its text. Immutable. The file {@code guide.txt} has blocks of four lines with an empty one between: a name or a
 * pattern with {@code *}, the level and the section, why the rule is one, and how it is mostly broken. The first block that matches counts.
 *
 * @param level how much a rule binds
 * @param section number of a section of {@code docs/protocol.md}
 * @param reason what breaks where the rule is broken
 * @param mistake how implementations break it, as far as that is known
 */
public record Guide(Level level, String section, String reason, String mistake) {
    /** As RFC 2119 defines them. */
    public enum Level {
        MUST,
        SHOULD,
        MAY
    }

    private record Block(Pattern names, Guide guide) {}

    private static final List<Block> ALL = read();

    private static List<Block> read() {
        List<Block> blocks = new ArrayList<>();
        try (InputStream in = Guide.class.getResourceAsStream("guide.txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String block : text.split("\n\n+")) {
                String[] lines = block.strip().split("\n");
                String[] place = lines[1].split(" ");
                Pattern names = Pattern.compile(lines[0].replace(".", "\\.").replace("*", ".*"));
                blocks.add(new Block(names, new Guide(Level.valueOf(place[0]), place[1], lines[2], lines[3])));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the kit lacks what it has to say of its rules", e);
        }
        return List.copyOf(blocks);
    }

    /** Returns what there is to know of a case. */
    static Guide of(String name) {
        return ALL.stream()
                .filter(each -> each.names().matcher(name).matches())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("guide.txt has nothing of " + name))
                .guide();
    }
}
