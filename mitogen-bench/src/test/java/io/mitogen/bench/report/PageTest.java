// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PageTest {
    private static final Pattern PICTURE = Pattern.compile("!\\[[^]]*]\\(([^)]+)\\)");

    @TempDir
    private Path folder;

    @Test
    void shouldLeadToEachPictureThatWasWritten() throws Exception {
        Figure figure = Figure.plain("each", "ms");
        figure.ours().add(1);
        Plot plot = BarPlot.of("title", List.of(figure));
        Result result =
                Result.of("key", "Title").figure(figure).plot("own", plot).build();

        Page.write(folder, Map.of("cores", 2), Map.of("overview", plot), List.of(result));

        Matcher pictures = PICTURE.matcher(Files.readString(folder.resolve("benchmarks.md")));
        for (String expected : List.of("overview", "own")) {
            assertTrue(pictures.find(), expected);
            assertTrue(pictures.group(1).endsWith(expected + ".svg"), pictures.group(1));
            assertTrue(Files.exists(folder.resolve(pictures.group(1))), pictures.group(1));
        }
        assertFalse(pictures.find(), "no other picture");
    }

    @Test
    void shouldSayWhyAWorkloadFailedInOneCell() throws Exception {
        Page.write(folder, Map.of(), Map.of(), List.of(Result.failed("key", "Title", "a | b\nc")));

        String page = Files.readString(folder.resolve("benchmarks.md"));
        assertTrue(page.contains("Not measured: a | b"), page);
        assertTrue(page.contains("| key | not measured |"), page);
    }
}
