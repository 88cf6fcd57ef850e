// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.testkit.conformance.cases.Case;
import io.mitogen.testkit.conformance.cases.Catalogue;
import io.mitogen.testkit.conformance.peer.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page says of each case what the kit says. */
final class ConformancePageTest {
    private static List<String> rows(int cells) throws IOException {
        Path page = Path.of("..", "docs", "conformance.md").toAbsolutePath().normalize();
        List<String> rows = new ArrayList<>();
        for (String line : Files.readAllLines(page)) {
            if (line.matches("\\| .* \\|") && line.split(" \\| ").length == cells) {
                rows.add(line);
            }
        }
        return rows;
    }

    @Test
    void shouldHaveARowWithItsRuleWhenThereIsACase() throws IOException {
        List<String> rows = rows(3).stream()
                .filter(row -> row.matches("\\| [a-z]+\\.\\S+ \\| .*"))
                .toList();
        List<String> cases =
                Catalogue.all().stream().map(ConformancePageTest::row).toList();
        assertEquals(String.join("\n", cases), String.join("\n", rows));
    }

    private static String row(Case test) {
        return "| " + test.name() + " | " + test.rule() + " | " + test.guide().level() + ", "
                + test.guide().section() + " |";
    }

    @Test
    void shouldHaveARowWithItsReasonWhenADifferenceIsKnown() throws IOException {
        List<String> rows = rows(3).stream()
                .filter(row -> row.matches("\\| (Python|JVM) .*"))
                .toList();
        List<String> known = Stream.concat(Differences.ALL.stream(), ParentDifferences.ALL.stream())
                .map(each -> "| " + (each.kind() == Kind.JVM ? "JVM" : "Python") + " | " + each.name() + " | "
                        + each.reason() + " |")
                .toList();
        assertEquals(String.join("\n", known), String.join("\n", rows));
    }
}
