// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.mitogen.core.load.TestCompiler;
import io.mitogen.testkit.ProcessRun;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Masters with a working folder on the class path that holds secrets: contexts at any depth get none of them. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class WorkingFolderIT {
    /** Asks for each path in a JVM context and in one below it, and prints what came. */
    private static final String PROGRAM = """
            import io.mitogen.connect.Local;
            import io.mitogen.core.call.Context;
            import io.mitogen.master.ImportPolicy;
            import io.mitogen.master.Mitogen;
            import io.mitogen.master.RouterOptions;
            import java.util.List;

            public class Program {
                static String get(String path) throws java.io.IOException {
                    java.net.URL url = Program.class.getClassLoader().getResource(path);
                    if (url == null) {
                        return "none";
                    }
                    try (var in = url.openStream()) {
                        return new String(in.readAllBytes()).replace('\\n', ',');
                    }
                }

                public static void main(String[] args) throws Exception {
                    List<String> allow = args[0].isEmpty() ? List.of() : List.of(args[0].split(","));
                    List<String> paths = List.of(args).subList(1, args.length);
                    RouterOptions options = RouterOptions.DEFAULT.withImports(new ImportPolicy(List.of(), allow));
                    Mitogen.run(options, router -> {
                        Context near = router.local();
                        Context far = router.connect(Local.create().via(near));
                        for (String path : paths) {
                            for (Context each : List.of(near, far)) {
                                System.out.println(path + "=" + each.call(Program::get, path));
                            }
                        }
                    });
                }
            }
            """;

    @TempDir
    Path folder;

    private Path work;
    private Path userDir;

    @BeforeEach
    void write() throws IOException {
        work = folder.resolve("work");
        userDir = work;
        TestCompiler.write(folder.resolve("src"), "Program.java", PROGRAM);
        TestCompiler.write(folder.resolve("src"), "com/acme/Facts.java", "package com.acme; public class Facts {}");
        TestCompiler.compile(
                folder.resolve("src"), work, "-cp", System.getProperty("java.class.path"), "--release", "17");
        for (String path : List.of(
                "id_rsa",
                "application.properties",
                ".ssh/id_rsa",
                ".env",
                "letters/private.txt",
                "com/acme/facts.txt",
                "com/acme/deep/more.txt",
                "META-INF/services/x")) {
            TestCompiler.write(work, path, "SECRET");
        }
        Files.copy(work.resolve("com/acme/Facts.class"), work.resolve("letters/Facts.class"));
    }

    /** Runs the program, with {@code place} before this library on its class path. */
    private List<String> run(String place, String home, String allow, String... paths) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.home=" + home,
                "-Duser.dir=" + userDir,
                "-cp",
                place + File.pathSeparator + System.getProperty("java.class.path"),
                "Program",
                allow));
        command.addAll(List.of(paths));
        Path output = folder.resolve("output");
        int status = ProcessRun.toEnd(new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile()));
        String text = Files.readString(output, UTF_8);
        assertEquals(0, status, text);
        return text.lines().toList();
    }

    private static void assertGot(String value, String path, List<String> lines) {
        assertEquals(
                2,
                lines.stream().filter(line -> line.equals(path + "=" + value)).count(),
                path + "\n" + lines);
    }

    private static void assertWarned(String path, List<String> lines) {
        assertEquals(
                1,
                lines.stream()
                        .filter(line -> line.contains("did not get " + path + ":"))
                        .count(),
                lines.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "", "ABSOLUTE", "..", "LINK"})
    void shouldGiveAwayNothingOfTheWorkingFolderButPackages(String place) throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), work);
        boolean isAbove = place.equals("..");
        String actual = place.equals("ABSOLUTE") ? work.toString() : place.equals("LINK") ? link.toString() : place;
        String head = isAbove ? "work/" : "";

        List<String> lines = run(
                isAbove ? ".." + File.pathSeparator + "." : actual,
                "/nowhere",
                "",
                head + "id_rsa",
                head + "application.properties",
                ".ssh/id_rsa",
                head + "letters/private.txt",
                head + "letters",
                "com/acme/facts.txt",
                "com/acme/deep/more.txt",
                "META-INF/services/x",
                "com/acme");

        for (String path : List.of(
                head + "id_rsa",
                head + "application.properties",
                ".ssh/id_rsa",
                head + "letters/private.txt",
                head + "letters")) {
            assertGot("none", path, lines);
        }
        for (String path : List.of("com/acme/facts.txt", "com/acme/deep/more.txt", "META-INF/services/x")) {
            assertGot("SECRET", path, lines);
        }
        assertGot("Facts.class,deep,facts.txt,", "com/acme", lines);
        assertWarned(head + "id_rsa", lines);
        assertWarned(".ssh/id_rsa", lines);
        assertFalse(lines.toString().contains("did not get " + head + "letters"), "told once: " + lines);
    }

    @Test
    void shouldTakeTheHomeFolderForWideToo() throws Exception {
        Path home = folder.resolve("home");
        TestCompiler.write(home, "id_rsa", "SECRET");

        List<String> lines = run(home + File.pathSeparator + ".", home.toString(), "", "id_rsa");

        assertGot("none", "id_rsa", lines);
    }

    @Test
    void shouldGiveAwayWhatAnAllowRuleCovers() throws Exception {
        List<String> lines = run(
                ".",
                "/nowhere",
                "Program,application.properties,.ssh",
                "application.properties",
                ".ssh/id_rsa",
                ".env",
                "id_rsa");

        assertGot("SECRET", "application.properties", lines);
        assertGot("SECRET", ".ssh/id_rsa", lines);
        assertGot("none", ".env", lines);
        assertGot("none", "id_rsa", lines);
    }

    @Test
    void shouldTakeTheWorkingFolderForWideWhateverTheJvmIsToldOfIt() throws Exception {
        userDir = folder.resolve("src");

        List<String> lines = run(work.toString(), "?", "", "id_rsa", "com/acme/facts.txt");

        assertGot("none", "id_rsa", lines);
        assertGot("SECRET", "com/acme/facts.txt", lines);
    }
}
