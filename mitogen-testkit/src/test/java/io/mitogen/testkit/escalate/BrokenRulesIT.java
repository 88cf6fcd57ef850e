// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.escalate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mitogen.connect.Su;
import io.mitogen.connect.Sudo;
import io.mitogen.core.pickle.Secret;
import io.mitogen.master.Mitogen;
import io.mitogen.parent.ConnectException;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.parent.ProcessMethod;
import io.mitogen.testkit.boot.Namespaces;
import io.mitogen.testkit.boot.Through;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real sudo and su, called by root, where their files are broken: in mounts of the test's own. */
@Timeout(120)
final class BrokenRulesIT {
    private static final String ORDINARY = "setpriv --reuid 54321 --regid 54321 --clear-groups ";
    private static final String NO_SUID = "mount --bind /usr/bin /usr/bin && mount -o remount,bind,nosuid /usr/bin && ";

    @TempDir
    Path folder;

    @BeforeEach
    void checkMachine() {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root may become others without a password");
        Namespaces.assumeAvailable();
    }

    private Path script(String mounts, String tool) throws IOException {
        Path script = folder.resolve("tool");
        Files.writeString(
                script, "#!/bin/sh\nexec unshare -m sh -c '" + mounts + "exec " + tool + " \"$@\"' tool \"$@\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }

    private String over(String name, String content, String mode, String target) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        return "mount --bind " + file + " " + target + " && ";
    }

    private static void assertFails(Reason reason, String words, ProcessMethod<?> method) throws Exception {
        ConnectException[] failure = new ConnectException[1];
        Mitogen.run(router -> failure[0] = assertThrows(ConnectException.class, () -> router.connect(method)));
        assertEquals(reason, failure[0].reason(), failure[0].getMessage());
        assertTrue(failure[0].getMessage().contains(words), failure[0].getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "foo bar baz|r--r-----|syntax error",
                "root ALL=(ALL:ALL) ALL|rw-rw-rw-|is world writable",
            })
    void shouldSayThatTheRulesOfSudoAreBroken(String rules, String mode, String words) throws Exception {
        Path tool = script(over("sudoers", rules + "\n", mode, "/etc/sudoers"), "sudo");

        assertFails(Reason.START_REFUSED, words, Sudo.to("root").path(tool.toString()));
        assertFails(Reason.START_REFUSED, "visudo -c", Sudo.to("root").path(tool.toString()));
    }

    @Test
    void shouldSayThatSudoIsOnAFileSystemWithoutSetuid() throws Exception {
        Path tool = script(NO_SUID, ORDINARY + "sudo");

        assertFails(Reason.NOT_ALLOWED, "nosuid", Sudo.to("root").path(tool.toString()));
    }

    @Test
    void shouldSayThatSudoDoesNotKnowAnArgument() throws Exception {
        assertFails(Reason.START_REFUSED, "Sudo.arguments", Sudo.to("root").arguments("--no-such-option"));
        assertFails(Reason.START_REFUSED, "Su.arguments", Su.to("root").arguments("--no-such-option"));
    }

    @ParameterizedTest
    @CsvSource({"pam_deny.so, NOT_ALLOWED, cannot open session", "pam_absent.so, START_REFUSED, /etc/pam.d"})
    void shouldSayThatPamOpensNoSession(String module, Reason reason, String words) throws Exception {
        String rules =
                "auth sufficient pam_rootok.so\naccount required pam_permit.so\nsession requisite " + module + "\n";
        Path tool = script(over("pam", rules, "rw-r--r--", "/etc/pam.d/su"), "su");

        assertFails(reason, words, Su.to("root").path(tool.toString()));
    }

    @Test
    void shouldNotBlameThePasswordWhenSuDoesNotRunAsRoot() throws Exception {
        Through ordinary = Through.of(Through.Form.ARGV)
                .java(Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .behind(Namespaces.command(NO_SUID + "exec " + ORDINARY + "\"$@\""));
        ConnectException[] failure = new ConnectException[1];
        Mitogen.run(router -> {
            Su su = Su.to("root").password(Secret.of("any")).via(router.connect(ordinary));
            failure[0] = assertThrows(ConnectException.class, () -> router.connect(su));
        });
        assertEquals(Reason.NOT_ALLOWED, failure[0].reason(), failure[0].getMessage());
        assertTrue(failure[0].getMessage().contains("nosuid"), failure[0].getMessage());
    }
}
