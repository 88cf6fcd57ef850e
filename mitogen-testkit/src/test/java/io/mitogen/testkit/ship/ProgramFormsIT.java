// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ship;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.testkit.ProcessRun;
import java.io.File;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs started in all the ways that Java knows, each with a chain of two contexts. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ProgramFormsIT {
    /** Calls methods and lambdas of its own, with nested classes and a record, in a context and in that one's child. */
    private static final String PROGRAM = """
            import io.mitogen.connect.Local;
            import io.mitogen.core.call.Context;
            import io.mitogen.master.Mitogen;
            import java.util.List;

            public class Program {
                record Point(int x, int y) {
                    int sum() { return x + y; }
                }

                static class Greeting {
                    static String to(String name) { return "hello " + name; }
                }

                static int sum(int x, int y) { return new Point(x, y).sum(); }

                static List<String> upper(List<String> words) {
                    return words.stream().map(each -> each.toUpperCase()).toList();
                }

                static String resource() throws java.io.IOException {
                    try (var in = Program.class.getResourceAsStream("greeting.txt")) {
                        return in == null ? "none" : new String(in.readAllBytes());
                    }
                }

                public static void main(String[] args) throws Exception {
                    Mitogen.run(router -> {
                        Context near = router.local();
                        Context far = router.connect(Local.create().via(near));
                        for (Context each : List.of(near, far)) {
                            int seven = 7;
                            System.out.println(each.call(Program::sum, 1, 2) + " " + each.call(Greeting::to, "you") + " "
                                    + each.call(Program::upper, List.of("a", "b")) + " " + each.call(() -> seven * 6)
                                    + " " + each.call(Program::resource));
                        }
                    });
                }
            }
            """;

    private static final String LINE = "3 hello you [A, B] 42 ";

    @TempDir
    Path folder;

    @Test
    void shouldRunFromASingleSourceFileOnEveryJdk() throws Exception {
        Path source = folder.resolve("Program.java");
        Files.writeString(source, PROGRAM);
        for (Path jdk : Jdks.homes()) {
            assertEquals(
                    List.of(LINE + "none", LINE + "none"),
                    java(jdk, "-cp", Program.library(), source.toString()),
                    jdk.toString());
        }
    }

    @Test
    void shouldRunFromTheModulePathWithNoPackageOpened() throws Exception {
        Path classes = modular();
        for (Path jdk : Jdks.homes()) {
            assertEquals(
                    List.of(LINE + "hi", LINE + "hi"),
                    java(
                            jdk,
                            "-p",
                            Program.library() + File.pathSeparator + classes,
                            "-m",
                            "com.acme.prog/com.acme.prog.Program"),
                    jdk.toString());
        }
    }

    @Test
    void shouldRunFromAModularJar() throws Exception {
        Path jar = Program.jar(folder.resolve("prog.jar"), new Manifest(), modular());

        assertEquals(
                List.of(LINE + "hi", LINE + "hi"),
                java(
                        Jdks.homes().get(0),
                        "-p",
                        Program.library() + File.pathSeparator + jar,
                        "-m",
                        "com.acme.prog/com.acme.prog.Program"));
    }

    @Test
    void shouldRunFromOneJarWithEverythingInAFolderWithAnOddName() throws Exception {
        Program program = new Program(folder.resolve("fat"))
                .source("com/acme/prog/Program.java", "package com.acme.prog;\n" + PROGRAM)
                .resource("com/acme/prog/greeting.txt", "hi")
                .compile();
        Path all = folder.resolve("all");
        for (Path each : List.of(program.classes(), Program.core(), Program.master())) {
            Program.copy(each, all);
            Files.deleteIfExists(all.resolve("module-info.class"));
        }
        Path odd = Files.createDirectories(folder.resolve("a b+c%20 #" + nonAscii()));
        Path jar = Program.jar(odd.resolve("fat 1.jar"), new Manifest(), all);

        assertEquals(
                List.of(LINE + "hi", LINE + "hi"),
                java(Jdks.homes().get(0), "-cp", jar.toString(), "com.acme.prog.Program"));
    }

    private Path modular() {
        return new Program(folder.resolve("modular"))
                .source("module-info.java", "module com.acme.prog { requires io.mitogen.master; }")
                .source("com/acme/prog/Program.java", "package com.acme.prog;\n" + PROGRAM)
                .resource("com/acme/prog/greeting.txt", "hi")
                .compile("-p", Program.library())
                .classes();
    }

    /** Returns a letter beyond ASCII where file names may have one: a JVM in the C locale cannot name such files. */
    private static String nonAscii() {
        Charset names = Charset.forName(System.getProperty("sun.jnu.encoding"));
        return names.newEncoder().canEncode('\u00e4') ? "\u00e4" : "";
    }

    private List<String> java(Path jdk, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(jdk.resolve("bin/java").toString()));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output");
        int status = ProcessRun.toEnd(
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()));
        String text = Files.readString(output, UTF_8);
        assertEquals(0, status, command + "\n" + text);
        return text.lines().toList();
    }
}
