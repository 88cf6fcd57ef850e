// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.testing.Eventually;
import io.mitogen.master.Mitogen;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets in real processes and files. Each test has a secret of its own, so that nothing else on the machine has it. */
@Timeout(60)
final class SecretSearchIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final String secret = "s\u00e9cret-" + Long.toHexString(System.nanoTime()) + "-'$\"";
    private final List<String> secrets = List.of("not there at all " + System.nanoTime(), secret);

    @TempDir
    Path folder;

    private Process holder;

    @AfterEach
    void endHolder() throws Exception {
        if (holder != null) {
            holder.destroyForcibly().waitFor();
        }
    }

    private String hold(Consumer<ProcessBuilder> change) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", "echo up; read -r line; :");
        change.accept(builder);
        holder = builder.start();
        assertEquals("up", holder.inputReader().readLine());
        return "process " + holder.pid() + " (sh)";
    }

    private void assertFinds(String... places) {
        List<String> found = SecretSearch.search(secrets, List.of(folder.toString(), "/no/such/folder"));
        assertEquals(List.of(places), found);
        assertFalse(found.toString().contains(secret));
    }

    @Test
    void shouldFindNothingWhereNothingIs() throws Exception {
        Files.writeString(folder.resolve("plain"), "nothing");
        hold(builder -> {});
        assertFinds();
    }

    @Test
    void shouldFindACommandLineWhileItIsThere() throws Exception {
        String process = hold(builder -> builder.command().add("--password=" + secret));
        assertFinds("command line of " + process);
        assertEquals(
                List.of("/proc/" + holder.pid() + "/cmdline"),
                SecretSearch.searchHost(HostShell.local(), secrets, List.of(folder.toString())));
        endHolder();
        assertFinds();
    }

    @Test
    void shouldFindAnEnvironment() throws Exception {
        String process = hold(builder -> builder.environment().put("PASSWORD", secret));
        assertFinds("environment of " + process);
        assertEquals(
                List.of("/proc/" + holder.pid() + "/environ"),
                SecretSearch.searchHost(HostShell.local(), secrets, List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "ab", "abc"})
    void shouldFindBase64WhereverTheSecretBegins(String before) throws Exception {
        byte[] text = (before + secret + "; and so on").getBytes(StandardCharsets.UTF_8);
        String process =
                hold(builder -> builder.command().add(Base64.getEncoder().encodeToString(text)));
        assertFinds("command line of " + process);
    }

    @Test
    void shouldFindFilesAndNamesOfFilesWhereverTheyAre() throws Exception {
        Path deep = Files.createDirectories(folder.resolve("a/b"));
        Files.writeString(deep.resolve("file"), "password=" + secret + "\n");
        assertFinds("file " + deep.resolve("file"));
        assertEquals(
                List.of(deep.resolve("file").toString()),
                SecretSearch.searchHost(HostShell.local(), secrets, List.of(folder.toString())));

        Files.move(deep.resolve("file"), deep.resolve(secret));
        assertFinds("name of a file in " + deep);
    }

    @Test
    void shouldFindAFileWhoseNameIsNoText() throws Exception {
        Tool.run(List.of(
                "/bin/sh", "-c", "printf %s \"$2\" >\"$1/$(printf 'caf\\351')\"", "sh", folder.toString(), secret));
        assertFinds("file " + folder + "/caf\ufffd");
    }

    @Test
    void shouldFindDeletedFilesThatAreOpen() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), secret);
        String process = hold(builder -> builder.redirectError(ProcessBuilder.Redirect.appendTo(file.toFile())));
        Files.delete(file);
        assertFinds("deleted file, descriptor 2 of " + process);
    }

    @Test
    void shouldTakeNothingAwayFromAPipe() throws Exception {
        hold(builder -> {});
        try (Stream<String> lines = holder.inputReader().lines()) {
            holder.outputWriter().write("x");
            assertFinds();
            holder.outputWriter().write("\n");
            holder.outputWriter().close();
            assertEquals(0, lines.count());
        }
        assertEquals(0, holder.waitFor());
    }

    @Test
    void shouldNameTheLinesOfALog() {
        assertEquals(
                List.of("log, line 2"), SecretSearch.searchText(secrets, "log", "one\ntwo " + secret + "\nthree\n"));
    }

    @Test
    void shouldRefuseSecretsThatWouldBeFoundByChance() {
        assertThrows(IllegalArgumentException.class, () -> SecretSearch.search(List.of("12345"), List.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> SecretSearch.searchHost(HostShell.local(), List.of("1234567\n"), List.of()));
    }

    @Test
    void shouldSearchWhereAContextIs() throws Exception {
        String process = hold(builder -> builder.command().add(secret));
        List<String> words = secrets;
        List<String> folders = List.of(folder.toString());
        List<String> found = Mitogen.compute(router -> router.local().call(SecretSearch::search, words, folders));
        assertEquals(List.of("command line of " + process), found);
    }

    @Test
    void shouldWatchForWhatShowsForAMomentOnly() throws Exception {
        LeakCheck leaks = ThreadLeakCheck.start();
        try (SecretWatch watch = SecretWatch.start(secrets, List.of(folder.toString()))) {
            watch.check();
            String process = hold(builder -> builder.command().add(secret));
            long begun = watch.passes();
            Eventually.until(SOON, "two more passes", () -> watch.passes() >= begun + 2);
            endHolder();

            AssertionError e = assertThrows(AssertionError.class, watch::check);
            assertTrue(e.getMessage().contains("command line of " + process), e::getMessage);
            assertFalse(e.getMessage().contains(secret));
        }
        leaks.check(SOON);
    }
}
