// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.load.Importer;
import io.mitogen.core.load.TestCompiler;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that are started in other ways than from a class path. */
class ClassFinderIT {
    @TempDir
    Path folder;

    @Test
    void shouldServeTheClassesOfAProgramRunFromItsSourceFile() throws Exception {
        Path program = folder.resolve("Program.java");
        Files.writeString(program, """
                public class Program {
                    static class Helper {}
                    public static void main(String[] args) {
                        new Helper();
                        io.mitogen.master.FinderProbe.main(new String[] {"Program.class"});
                    }
                }
                """);

        List<String> lines =
                java("-cp", String.join(File.pathSeparator, core(), master(), tests()), program.toString());

        assertEquals(List.of("Program$Helper.class found", "Program.class found"), lines);
    }

    @Test
    void shouldServeWhatANamedModuleKeepsToItself() throws Exception {
        Path sources = folder.resolve("src");
        Path module = folder.resolve("mod");
        TestCompiler.write(sources, "module-info.java", "module com.acme.mod {}");
        TestCompiler.write(
                sources,
                "com/acme/mod/Main.java",
                "package com.acme.mod; class Main { inner.Data d; }".replace("inner.", "com.acme.mod.inner."));
        TestCompiler.write(sources, "com/acme/mod/inner/Data.java", "package com.acme.mod.inner; public class Data {}");
        TestCompiler.compile(sources, module);
        Files.writeString(module.resolve("com/acme/mod/inner/data.txt"), "data");

        List<String> lines = java(
                "-p",
                String.join(File.pathSeparator, core(), master(), module.toString()),
                "--patch-module",
                "io.mitogen.master=" + tests(),
                "--add-modules",
                "com.acme.mod",
                "-m",
                "io.mitogen.master/io.mitogen.master.FinderProbe",
                "com/acme/mod/Main.class",
                "com/acme/mod/inner/data.txt");

        assertEquals(
                List.of(
                        "com/acme/mod/inner/Data.class found",
                        "com/acme/mod/Main.class found",
                        "com/acme/mod/inner/data.txt found"),
                lines);
    }

    private List<String> java(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(output, UTF_8);
        assertTrue(ended && process.exitValue() == 0, text);
        return text.lines().toList();
    }

    private static String core() throws Exception {
        return place(Importer.class);
    }

    private static String master() throws Exception {
        return place(ClassFinder.class);
    }

    private static String tests() throws Exception {
        return place(FinderProbe.class);
    }

    private static String place(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }
}
