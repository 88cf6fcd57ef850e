// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.testing.Eventually;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The parts of the script that a whole machine would be needed for otherwise. */
class BootScriptTest {
    static List<List<String>> shells() {
        return ShellWordsTest.posixShells();
    }

    /** On a machine without base64. */
    @ParameterizedTest
    @MethodSource("shells")
    void shouldDecodeTheJarItself(List<String> shell) throws Exception {
        byte[] bytes = new byte[3 * 256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 7 + i / 256);
        }
        String script = BootScript.TEXT;
        String decoder = script.substring(script.indexOf("dec() {"), script.indexOf("jar() {"));
        ProcessBuilder command = new ProcessBuilder(new ArrayList<>(shell));
        command.command().addAll(List.of("-c", "b=$1\n" + decoder + "dec", "decode"));
        command.command().add(Base64.getEncoder().encodeToString(bytes));

        Process process = command.redirectErrorStream(true).start();

        assertArrayEquals(bytes, process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor());
    }

    @ParameterizedTest
    @MethodSource("shells")
    void shouldBeAProgramInEveryPosixShell(List<String> shell) throws Exception {
        ProcessBuilder command = new ProcessBuilder(new ArrayList<>(shell));
        command.command().addAll(List.of("-n", "-c", BootScript.TEXT));

        Process process = command.redirectErrorStream(true).start();

        assertEquals("", new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(0, process.waitFor());
    }

    /** However it dies: here while its folder is half made, which a slow {@code mkfifo} makes long enough to see. */
    @ParameterizedTest
    @MethodSource("shells")
    void shouldLeaveNoFolderWhenItIsKilled(List<String> shell, @TempDir Path folder) throws Exception {
        Path there = folder.resolve("there");
        Path proceed = folder.resolve("proceed");
        run("mkfifo", there.toString(), proceed.toString());
        Path slow = Files.createFile(
                folder.resolve("mkfifo"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(
                slow,
                "#!/bin/sh\necho \"${1%/*}\" >" + there + "\nread x <" + proceed + "\nexec /usr/bin/mkfifo \"$@\"\n");
        ProcessBuilder command = new ProcessBuilder(new ArrayList<>(shell));
        List<String> words = BootCommand.ofJvm(null, "name", List.of()).argv();
        command.command().addAll(words.subList(1, words.size()));
        command.environment().merge("PATH", folder.toString(), (path, first) -> first + ":" + path);

        Process process = command.redirectErrorStream(true).start();
        Path made = Path.of(Files.readString(there).strip());
        assertTrue(Files.isDirectory(made), made::toString);
        process.destroyForcibly().waitFor();
        Files.writeString(proceed, "\n");

        Eventually.until(Duration.ofSeconds(20), made + " is gone", () -> !Files.exists(made));
    }

    private static void run(String... command) throws Exception {
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    }

    @Test
    void shouldCarryAJarThatNeedsNoPadding() {
        List<String> argv = BootCommand.ofJvm(null, "name", List.of()).argv();

        assertFalse(argv.get(6).contains("="));
        assertTrue(Base64.getDecoder().decode(argv.get(6)).length > 1_000);
    }

    /** Names of hosts and accounts may be long, and characters have up to four bytes. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "\u65e5", "\ud83d\ude00", "x\ud83d\ude00"})
    void shouldCutANameThatIsTooLongForAFile(String characters) {
        String name = "mitogen:" + characters.repeat(300);

        String shown = BootCommand.ofJvm(null, name, List.of()).argv().get(5);

        int bytes = shown.getBytes(StandardCharsets.UTF_8).length;
        assertTrue(bytes > 250 && bytes <= 255, () -> bytes + " bytes");
        assertTrue(name.startsWith(shown) && !Character.isHighSurrogate(shown.charAt(shown.length() - 1)), shown);
    }

    @Test
    void shouldSendNoIndentationAndNoComments() {
        assertTrue(Arrays.stream(BootScript.TEXT.split("\n"))
                .noneMatch(line -> line.isEmpty() || line.startsWith(" ") || line.startsWith("#")));
    }
}
