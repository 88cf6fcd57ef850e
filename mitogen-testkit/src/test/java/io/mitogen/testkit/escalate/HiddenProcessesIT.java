// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.escalate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mitogen.connect.Su;
import io.mitogen.core.call.Context;
import io.mitogen.core.pickle.Secret;
import io.mitogen.master.Mitogen;
import io.mitogen.parent.ConnectException;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.testkit.boot.Namespaces;
import io.mitogen.testkit.boot.Through;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real su where {@code /proc} does not show what it started, in mounts of the test's own: with accounts, and rules of PAM,
 * that nobody else sees. The profile of one account asks for a password as su does.
 */
@Timeout(120)
final class HiddenProcessesIT {
    private static final Duration MOMENT = Duration.ofSeconds(8);
    private static final Secret SECRET = Secret.of("open sesame");

    private static final String PASSED = "auth required pam_permit.so";
    private static final String ORDINARY = "setpriv --reuid 54321 --regid 54321 --clear-groups";
    private static final String ROOT_WITHOUT_PTRACE = "setpriv --bounding-set -sys_ptrace --inh-caps -sys_ptrace";

    @TempDir
    Path folder;

    private Path home;

    @BeforeEach
    void makeAccounts() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root may become others without a password");
        Namespaces.assumeAvailable();
        permit(folder, "rwxr-xr-x");
        home = Files.createDirectory(folder.resolve("home"));
        permit(home, "rwxrwxrwx");
        Files.writeString(
                home.resolve(".profile"),
                "printf 'Password: ' >&2; IFS= read -r answer && printf '%s\\n' \"$answer\" >>" + home + "/heard\n");
        Files.writeString(
                folder.resolve("passwd"),
                Files.readString(Path.of("/etc/passwd"))
                        + "mitoasker:x:54321:54321::/:/bin/sh\nmitoquiet:x:54323:54323::/:/bin/sh\n"
                        + "mitonoisy:x:54322:54322::" + home + ":/bin/sh\n");
        Files.writeString(folder.resolve("check"), "#!/bin/sh\n[ \"$(tr -d '\\000')\" = '" + SECRET.reveal() + "' ]\n");
        permit(folder.resolve("check"), "rwxr-xr-x");
    }

    private static void permit(Path file, String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    /** Returns a context that runs behind {@code words}, after {@code mounts}, where PAM lets callers of su in by {@code rule}. */
    private Through parent(String rule, String mounts, String words) throws IOException {
        Files.writeString(
                folder.resolve("pam"),
                rule
                        + "\naccount required pam_permit.so\nsession required pam_permit.so\npassword required pam_deny.so\n");
        String script = "mount --bind " + folder + "/passwd /etc/passwd && mount --bind " + folder
                + "/pam /etc/pam.d/su && " + mounts + " && exec " + words + " \"$@\"";
        return Through.of(Through.Form.ARGV)
                .java(Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .behind(Namespaces.command(script));
    }

    private String rule() {
        return "auth required pam_exec.so expose_authtok quiet " + folder.resolve("check")
                + "\nauth required pam_permit.so";
    }

    private static String hidepid(String value) {
        return "mount -t proc -o hidepid=" + value + " proc /proc";
    }

    private ConnectException failure(Reason reason, Through parent, Su su) throws Exception {
        ConnectException[] failure = new ConnectException[1];
        Mitogen.run(router -> {
            Context via = router.connect(parent);
            failure[0] = assertThrows(ConnectException.class, () -> router.connect(su.via(via)));
        });
        assertEquals(reason, failure[0].reason(), failure[0].getMessage());
        assertFalse(Files.exists(home.resolve("heard")), failure[0].getMessage());
        return failure[0];
    }

    private String account(Through parent, Su su) throws Exception {
        String[] account = new String[1];
        Mitogen.run(router -> {
            Context via = router.connect(parent);
            account[0] = router.connect(su.via(via)).call(Here::account);
        });
        return account[0];
    }

    private static Su noisy() {
        return Su.to("mitonoisy").login().password(SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "4"})
    void shouldGiveNoPasswordToAProfileWhenProcessesOfOthersAreHidden(String value) throws Exception {
        String message = failure(Reason.QUESTION_UNANSWERED, parent(rule(), hidepid(value), ORDINARY), noisy())
                .getMessage();

        assertTrue(message.contains("mounted with hidepid="), message);
        assertTrue(message.contains("gid="), message);
    }

    @Test
    void shouldGiveNoPasswordToAProfileWhenRootMayNotSeeOthers() throws Exception {
        failure(
                Reason.TIMEOUT,
                parent("auth sufficient pam_rootok.so", hidepid("2,gid=54400"), ROOT_WITHOUT_PTRACE),
                noisy().connectTimeout(MOMENT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"unshare --pid --fork", "unshare --pid --fork setpriv --reuid 54321 --regid 54321 --clear-groups"
            })
    void shouldGiveNoPasswordToAProfileWhenProcIsThatOfAnotherNamespace(String words) throws Exception {
        String rule = words.contains("setpriv") ? rule() : "auth sufficient pam_rootok.so";
        String message = failure(Reason.QUESTION_UNANSWERED, parent(rule, "true", words), noisy())
                .getMessage();

        assertTrue(message.contains("PID namespace"), message);
    }

    @Test
    void shouldGiveNoPasswordToAProfileWhenAllAreSeen() throws Exception {
        failure(Reason.TIMEOUT, parent(PASSED, "true", ORDINARY), noisy().connectTimeout(MOMENT));
    }

    @Test
    void shouldGiveThePasswordToSuWhereItIsSeen() throws Exception {
        Su quiet = Su.to("mitoquiet").password(SECRET);

        assertEquals("mitoquiet", account(parent(rule(), "true", ORDINARY), quiet));
        assertEquals("mitoquiet", account(parent(rule(), hidepid("2"), ORDINARY), quiet));
        assertEquals("mitoquiet", account(parent(rule(), hidepid("2,gid=54400"), ROOT_WITHOUT_PTRACE), quiet));
        assertEquals(
                "mitoquiet",
                account(
                        parent(rule(), hidepid("2,gid=54400"), ORDINARY.replace("--clear-groups", "--groups 54400")),
                        quiet));
    }
}
