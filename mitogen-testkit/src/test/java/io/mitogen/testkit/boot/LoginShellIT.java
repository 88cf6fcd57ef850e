// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mitogen.core.call.Context;
import io.mitogen.master.Mitogen;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.ProcessLeakCheck;
import io.mitogen.testkit.TempFileLeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The boot command in the hands of each login shell that this machine has; with {@code CI=true} it must have all. */
@Timeout(60)
class LoginShellIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final List<String> SHELLS = List.of(
            "/bin/sh",
            "/bin/bash",
            "/usr/bin/zsh",
            "/usr/bin/mksh",
            "/usr/bin/fish",
            "/usr/bin/tcsh",
            "/usr/bin/bsd-csh",
            "/usr/bin/busybox ash");

    private static final String ODD =
            "printf 'no end of line'\necho noise >&2\ncd /\numask 027\nset -euC\nIFS=/\nPATH=/nowhere\n";
    private static final String ODD_ZSH = ODD + "setopt ksharrays shwordsplit noequals nonomatch\n";
    private static final String ODD_CSH = "echo noise\ncd /\numask 027\nset noclobber\nsetenv PATH /nowhere\n";
    private static final String ODD_FISH = "echo noise\ncd /\numask 027\nset -x PATH /nowhere\n";

    @TempDir
    Path home;

    static List<String> shells() {
        boolean mayLack = !"true".equals(System.getenv("CI"));
        return SHELLS.stream()
                .filter(shell -> !mayLack || Files.exists(Path.of(shell.split(" ")[0])))
                .toList();
    }

    private static Through through(String shell) {
        return Through.of(Through.Form.SHELL_LINE, (shell + " -c").split(" "));
    }

    @ParameterizedTest
    @MethodSource("shells")
    void shouldBootThroughTheShell(String shell) throws Exception {
        LeakCheck processes = ProcessLeakCheck.start();
        LeakCheck files = TempFileLeakCheck.start();

        Mitogen.run(router -> {
            Context context = router.connect(through(shell));

            assertTrue(context.call(Target::commandLine).contains("/mitogen:"));
        });

        processes.check(SOON);
        files.check(SOON);
    }

    @Test
    void shouldBootThroughALoginBySudo() throws Exception {
        assumeTrue(
                System.getProperty("user.name").equals("root") && Files.exists(Path.of("/usr/bin/sudo")),
                "only root needs no password for sudo");

        Mitogen.run(router -> {
            Context context = router.connect(Through.of(Through.Form.SHELL_WORDS, "sudo", "-n", "-i", "--"));

            assertTrue(context.call(Target::commandLine).contains("/mitogen:"));
        });
    }

    /** Only zsh, fish and csh read files of their own before a command; the others are told to by the environment. */
    @ParameterizedTest
    @MethodSource("shells")
    void shouldBootWhateverTheStartupFilesDo(String shell) throws Exception {
        Files.writeString(home.resolve(".profile"), ODD);
        Files.writeString(home.resolve(".zshenv"), ODD_ZSH);
        Files.writeString(home.resolve(".cshrc"), ODD_CSH);
        Files.createDirectories(home.resolve(".config/fish"));
        Files.writeString(home.resolve(".config/fish/config.fish"), ODD_FISH);
        Through odd = through(shell)
                .behind(
                        "env",
                        "HOME=" + home,
                        "ENV=" + home.resolve(".profile"),
                        "BASH_ENV=" + home.resolve(".profile"),
                        "SHELLOPTS=errexit:nounset:noclobber:noglob");

        Mitogen.run(router -> {
            Context context = router.connect(odd);

            if (readsFiles(shell)) {
                assertEquals("/", context.call(Target::folder));
                assertEquals("/nowhere", context.call(Target::variable, "PATH"));
            }
        });
    }

    private static boolean readsFiles(String shell) throws IOException {
        return !shell.equals("/bin/sh") && !shell.endsWith("mksh") && !shell.endsWith(" ash");
    }
}
