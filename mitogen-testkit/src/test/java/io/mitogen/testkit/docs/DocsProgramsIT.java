// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.testkit.ProcessRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The programs of the documentation run, and print what it says they print. */
final class DocsProgramsIT {

    @TempDir
    Path folder;

    static List<Page> pagesWithPrograms() throws IOException {
        return Repository.pages().stream()
                .filter(page -> !page.programs().isEmpty())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("pagesWithPrograms")
    @Timeout(300)
    void shouldPrintWhatThePageSays(Page page) throws Exception {
        PageCompiler.compile(page, folder);
        for (Map.Entry<String, Page.Promise> program : page.programs().entrySet()) {
            run(page, program.getKey());
            check(program.getKey(), program.getValue().output(), "out");
            check(program.getKey(), program.getValue().errors(), "err");
        }
    }

    @Test
    void shouldShowOnStandardErrorWhatTheReadmesTasksPrint() throws Exception {
        Page readme = Repository.pages().get(0);
        Page page = new Page(
                readme.name(),
                String.join(
                        "\n",
                        readme.text(),
                        "```java",
                        "final class StartHere {",
                        "    public static void main(String[] args) throws Exception {",
                        "        io.mitogen.master.Mitogen.run(router -> router.local().call(Backup::start));",
                        "    }",
                        "}",
                        "```",
                        ""));
        PageCompiler.compile(page, folder);
        run(page, "StartHere");

        check("StartHere", "1:2:3.4 INFO    mitogen.ctx.local.5 stdout: as root, on db6\n", "err");
    }

    private void check(String program, String promised, String file) throws IOException {
        if (!promised.isEmpty()) {
            assertEquals(withoutNumbers(promised), withoutNumbers(text(folder.resolve(file))), program);
        }
    }

    private void run(Page page, String className) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(
                        Repository.java(), "-cp", PageCompiler.classPath(page) + ":" + folder, className)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().remove("MITOGEN_LOG_LEVEL");
        assertEquals(0, ProcessRun.toEnd(builder), className + " said: " + text(err));
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private static String withoutNumbers(String output) {
        return output.replaceAll("\\d+", "#");
    }
}
