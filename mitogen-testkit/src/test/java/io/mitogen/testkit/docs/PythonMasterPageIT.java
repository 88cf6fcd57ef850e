// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.testkit.pythonmaster.PythonProgram;
import io.mitogen.testkit.pythonmaster.RequiresPythonMitogen;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example of the page for programs in Python runs, and prints what the page says. */
@RequiresPythonMitogen
final class PythonMasterPageIT {
    private static final String PAGE = "docs/python-master.md";

    @TempDir
    Path folder;

    @Test
    @Timeout(120)
    void shouldPrintWhatThePageSays() throws Exception {
        Page page = new Page(PAGE, Files.readString(Repository.ROOT.resolve(PAGE)));
        PageCompiler.compile(page, folder);
        Path log = folder.resolve("facts.log");
        String program = block(page, "python").replace("facts.log", log.toString());
        Path script = Files.writeString(folder.resolve("report.py"), program);
        String classPath = Repository.libraryClassPath() + ":" + folder;
        try (PythonProgram running = PythonProgram.start(folder, Map.of(), List.of(script.toString(), classPath))) {
            assertEquals(block(page, "output").strip(), running.finish());
        }
        String logged = Files.readString(log);
        assertTrue(logged.contains("stdout.[facts]: asked for 2 names"), logged);
    }

    private static String block(Page page, String language) {
        return page.blocks().stream()
                .filter(block -> block.language().equals(language))
                .map(Page.Block::content)
                .findFirst()
                .orElseThrow();
    }
}
