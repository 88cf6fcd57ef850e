// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the kit has written, as its users read it. Immutable.
 *
 * @param lines one for each case
 * @param summary the last line
 */
record KitReport(List<String> lines, String summary) {
    static KitReport read(Path file) throws IOException {
        return of(Files.readAllLines(file));
    }

    static KitReport of(List<String> text) {
        List<String> lines = new ArrayList<>(text);
        String summary = lines.isEmpty() ? "nothing was written" : lines.remove(lines.size() - 1);
        lines.removeIf(line -> line.startsWith("    ") || line.startsWith("conformance kit "));
        return new KitReport(lines, summary);
    }

    /** Returns the names of the cases with this verdict. */
    Set<String> names(Verdict verdict) {
        return lines.stream()
                .filter(line -> line.startsWith(verdict.text + " "))
                .map(line -> line.split("\\s+", 3)[1])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public String toString() {
        return String.join("\n", lines) + "\n" + summary;
    }
}
