// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.pickle.Secret;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every account is what is said of it, for the plain tools. */
@RequiresDocker
@Timeout(1200)
final class AccountIT {
    private static final String SSH =
            "ssh -F none -o StrictHostKeyChecking=no -o PubkeyAuthentication=no -o NumberOfPasswordPrompts=1 ";

    @Test
    void shouldBeTheAccountsOfTheImage(DockerHost host) {
        String users = "getent passwd | awk -F: '$3 >= 1000 && $3 < 60000 || $3 == 0 { print $1 }'";

        assertEquals(
                List.of(Account.values()).stream().map(Account::login).sorted().collect(Collectors.toList()),
                host.exec("sh", "-c", users).out().lines().sorted().collect(Collectors.toList()));
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "PASSWORD_ONLY",
                "INTERACTIVE",
                "TWO_STEPS",
                "CODE",
                "EXPIRED",
                "STALE",
                "DENIED",
                "NO_LOGIN",
                "FALSE_SHELL",
                "NO_SHELL"
            },
            mode = EnumSource.Mode.EXCLUDE)
    void shouldRunACommandForWhoeverHasTheKey(Account account, DockerHost host) throws Exception {
        SshRun run = SshRun.of(host, account, "id -un");

        assertEquals(0, run.exitCode(), run::err);
        assertTrue(run.out().endsWith(account.login() + "\n"), run::out);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PASSWORD_ONLY | 255 | Permission denied (password)",
                "INTERACTIVE   | 255 | Permission denied (keyboard-interactive)",
                "TWO_STEPS     | 255 | Permission denied (password)",
                "CODE          | 255 | Permission denied (keyboard-interactive)",
                "EXPIRED       | 255 | Your account has expired; please contact your system administrator",
                "STALE         | 1   | Password change required but no TTY available",
                "DENIED        | 255 | Permission denied (publickey,password,keyboard-interactive)",
                "NO_LOGIN      | 1   | This account is currently not available",
                "FALSE_SHELL   | 1   | ''",
                "NO_SHELL      | 255 | Permission denied (publickey,password,keyboard-interactive)",
            })
    void shouldNotLetInWithTheKeyAlone(Account account, int exitCode, String message, DockerHost host)
            throws Exception {
        SshRun run = SshRun.of(host, account, "id -un");

        assertEquals(exitCode, run.exitCode(), run::err);
        assertTrue((run.out() + run.err()).contains(message), run::err);
    }

    @ParameterizedTest
    @EnumSource(names = {"OPS", "PASSWORD_ONLY", "ODD_PASSWORD", "FRENCH", "PAM_NOISE", "BANNER"})
    void shouldTakeThePasswordOfTheAccount(Account account, DockerHost host) {
        CommandResult result = withPassword(host, account, account.password());

        assertEquals(0, result.exitCode(), result::err);
        assertEquals(account.login() + "\n", result.out());
    }

    @ParameterizedTest
    @EnumSource(names = {"ROOT", "KEY_ONLY", "LOCKED", "DENIED", "EXPIRED", "TWO_STEPS"})
    void shouldNotLetInWithThePasswordAlone(Account account, DockerHost host) {
        assertTrue(withPassword(host, account, account.password()).exitCode() != 0);
    }

    private static CommandResult withPassword(DockerHost host, Account account, Secret password) {
        return host.exec("sshpass", "-p", password.reveal(), "sh", "-c", SSH + account.login() + "@localhost id -un");
    }

    @Test
    void shouldAskForACodeAfterThePassword(DockerHost host) {
        String answers =
                "case $1 in *Verification*) echo " + Account.verificationCode().reveal() + ";; *) echo "
                        + Account.CODE.password().reveal() + ";; esac";
        CommandResult result = host.exec(
                "sh",
                "-c",
                "f=/dev/shm/answers; printf '#!/bin/sh\n%s\n' '" + answers + "' >$f; chmod 700 $f; "
                        + "SSH_ASKPASS=$f SSH_ASKPASS_REQUIRE=force " + SSH + "code@localhost id -un; rm $f");

        assertEquals("code\n", result.out(), result::err);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OPS           | is not in the sudoers file",
                "SUDO_FREE     | root",
                "SUDO_PASSWORD | root",
                "SUDO_LIMITED  | is not allowed to execute",
                "SUDO_TTY      | you must have a tty",
                "SUDO_TTY_FREE | you must have a tty",
                "SUDO_STARS    | root",
                "SUDO_LECTURE  | #1) Respect the privacy of others",
                "SUDO_PTY      | root",
                "SUDO_PTY_FREE | root",
                "SUDO_PATH     | root",
                "SUDO_KEEP     | root kept",
                "FRENCH        | [sudo] Mot de passe de french",
                "CHINESE       | 的密码",
                "PAM_NOISE     | root",
                "ODD_PASSWORD  | root",
            })
    void shouldLetSudoDoWhatIsSaidOfTheAccount(Account account, String expected, DockerHost host) throws Exception {
        String command = "KEPT=kept sudo -S sh -c 'echo $(id -un) $KEPT'";

        assertAnswers(host, account, command, expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OPS      | root     | root",
                "OPS      | locked   | Authentication failure",
                "OPS      | expired  | Your account has expired",
                "OPS      | no-login | This account is currently not available",
                "OPS      | guarded  | Permission denied",
                "GUARD    | guarded  | guarded",
                "OPS      | pam-noise | this line is only a notice",
                "FRENCH   | root     | Mot de passe",
            })
    void shouldLetSuDoWhatIsSaidOfTheAccount(Account from, String to, String expected, DockerHost host)
            throws Exception {
        CommandResult result = host.exec(
                from,
                "sh",
                "-c",
                "echo pw-of-" + to + " | " + (from == Account.FRENCH ? "LC_ALL=fr_FR.UTF-8 " : "") + "su " + to
                        + " -c 'id -un' 2>&1");

        assertTrue(result.out().contains(expected), result::out);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OPS           | Operation not permitted",
                "DOAS_FREE     | root",
                "DOAS_PASSWORD | Authentication failed",
                "DOAS_KEEP     | root kept",
            })
    void shouldLetDoasDoWhatIsSaidOfTheAccount(Account account, String expected, DockerHost host) throws Exception {
        assertAnswers(host, account, "KEPT=kept doas sh -c 'echo $(id -un) $KEPT'", expected);
    }

    private static void assertAnswers(DockerHost host, Account account, String command, String expected)
            throws Exception {
        String variables =
                switch (account) {
                    case FRENCH -> "export LC_ALL=fr_FR.UTF-8; ";
                    case CHINESE -> "export LC_ALL=zh_CN.UTF-8; ";
                    default -> "";
                };
        CommandResult result = host.exec(
                account,
                "sh",
                "-c",
                variables + "cat <<'EOF' | " + command + " 2>&1\n"
                        + account.password().reveal() + "\nEOF");

        assertTrue(result.out().contains(expected), result::out);
    }

    @ParameterizedTest
    @CsvSource({"NO_JAVA, not found", "OLD_JAVA, 1.8.0_202", "OPS, 17.", "SUDO_PATH, 17."})
    void shouldHaveTheJavaThatIsSaidOfTheAccount(Account account, String expected, DockerHost host) throws Exception {
        SshRun run = SshRun.of(host, account, "java -version");

        assertTrue(run.err().contains(expected), run::err);
    }

    @ParameterizedTest
    @EnumSource(names = {"NOISY", "NOISY_ZSH", "NOISY_CSH", "NOISY_FISH"})
    void shouldPrintWhatLooksLikeAQuestion(Account account, DockerHost host) throws Exception {
        SshRun run = SshRun.of(host, account, "true");

        assertEquals("Welcome. Your password: is about to expire\nPassword: ", run.out());
        assertTrue(run.err().contains("warning: profile says Password:"), run::err);
    }

    @Test
    void shouldShowABanner(DockerHost host) throws Exception {
        SshRun run = SshRun.of(host, Account.BANNER, "true");

        assertTrue(run.err().contains("Authorized use only"), run::err);
    }
}
