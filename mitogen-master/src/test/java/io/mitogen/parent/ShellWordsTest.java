// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With every login shell that this machine has. */
class ShellWordsTest {
    private static final List<String> SHELLS = List.of(
            "/bin/sh",
            "/bin/dash",
            "/bin/bash",
            "/usr/bin/zsh",
            "/usr/bin/mksh",
            "/usr/bin/fish",
            "/usr/bin/tcsh",
            "/usr/bin/bsd-csh",
            "/usr/bin/busybox");

    private static final String PROGRAM =
            "set -- \"$@\" last\n# 'a' `b` $c !d \\e \"f\"\nfor i; do printf '[%s]' \"$i\"; done";
    private static final List<String> ARGUMENTS = List.of(
            "",
            " two  spaces ",
            "it's",
            "\\",
            "\\n\\0101",
            "$HOME ${x} $(y) `z` $$",
            "!! !x ^a^b",
            "%s %% %n",
            "a\nb\n\nc",
            "\t",
            "~ * ? [a] {a,b} =ls & | ; < > ( ) #",
            "\u00e9\u20ac\ud83d\ude00",
            "x".repeat(3_000),
            "\\".repeat(1_000),
            "-n");

    private static final String EXPECTED = "[" + String.join("][", ARGUMENTS) + "][last]";

    static List<String> shells() {
        return SHELLS.stream().filter(shell -> Files.exists(Path.of(shell))).toList();
    }

    /** Returns those that run programs for {@code sh}, each with the words that start it. */
    static List<List<String>> posixShells() {
        return shells().stream()
                .filter(shell -> !shell.matches(".*/(zsh|fish|tcsh|bsd-csh)"))
                .map(shell -> shell.endsWith("busybox") ? List.of(shell, "sh") : List.of(shell))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void shouldPassAnythingThroughTheLoginShell(String shell) throws Exception {
        assertEquals(EXPECTED, run(command(shell, ShellWords.line(PROGRAM, ARGUMENTS))));
    }

    @ParameterizedTest
    @MethodSource("shells")
    void shouldPassAnythingThroughAToolThatEscapesForTheLoginShell(String shell) throws Exception {
        List<String> escaped = new ArrayList<>();
        for (String word : ShellWords.words(PROGRAM, ARGUMENTS)) {
            escaped.add(word.replaceAll("[^A-Za-z0-9_$-]", "\\\\$0"));
        }

        assertEquals(EXPECTED, run(command(shell, String.join(" ", escaped))));
    }

    @Test
    void shouldKeepBelowTheWordLimitOfTheOldestCsh() {
        for (String word : ShellWords.words(PROGRAM, ARGUMENTS)) {
            assertTrue(2 * word.length() < 1_000, word);
        }
        assertFalse(ShellWords.line(PROGRAM, ARGUMENTS).contains("\n"));
    }

    private static List<String> command(String shell, String line) {
        return shell.endsWith("busybox") ? List.of(shell, "sh", "-c", line) : List.of(shell, "-c", line);
    }

    private static String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return printed;
    }
}
