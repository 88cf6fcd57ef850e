// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.ssh.SshQuestion.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions as OpenSSH 8.4 to 9.2 and servers with PAM ask them. */
class SshQuestionTest {
    private static final String HOST_KEY = """
            The authenticity of host '[127.0.0.1]:2222 ([127.0.0.1]:2222)' can't be established.
            ED25519 key fingerprint is SHA256:O0JQQBN3oXF/z2yRJ//AKZvPzGgnEeZ/N66dOsyf26I.
            This key is not known by any other names.
            Are you sure you want to continue connecting (yes/no/[fingerprint])?\s""";

    private static Kind kind(String text) {
        return SshQuestion.of(text).kind();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ops@web1's password: ",
                "CORP\\ops@10.0.0.7's password: ",
                "new-user@change-password.example's password: ",
                "(ops@web1) Password: ",
                "(ops@web1) Password:",
                "(ops@web1) password: ",
                "(ops@web1) PASSWORD : ",
                "Password: ",
                "Password\uff1a"
            })
    void shouldKnowTheQuestionForThePassword(String text) {
        assertEquals(Kind.PASSWORD, kind(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(ops@web1) Verification code: ",
                "(ops@web1) Password & verification code: ",
                "(ops@web1) One-time password (OATH) for `ops': ",
                "(ops@web1) Your password: is not wanted. Code: ",
                "(ops@web1) Mot de passe : ",
                "(ops@web1) Enter PASSCODE: ",
                "(ops@web1) (ops@web1) Password: ",
                "(ops@web1) Enter PIN for 'ops': ",
                "Confirm user presence for key ED25519-SK SHA256:O0JQQBN3oXF/z2yRJ//AKZvPzGgnEeZ/N66dOsyf26I",
                "Password: \nCode: ",
                "password",
                ""
            })
    void shouldTakeNothingElseForIt(String text) {
        assertEquals(Kind.OTHER, kind(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(ops@web1) New password: ",
                "(ops@web1) Retype new password: ",
                "(ops@web1) Current password: ",
                "(ops@web1) (current) UNIX password: ",
                "(ops@web1) You are required to change your password immediately (administrator enforced).\n"
                        + "Changing password for ops.\nCurrent password: ",
                "Enter ops@web1's old password: ",
                "Enter ops@web1's new password: ",
                "Retype ops@web1's new password: "
            })
    void shouldKnowThatAnotherPasswordIsWanted(String text) {
        assertEquals(Kind.NEW_PASSWORD, kind(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Please type 'yes' or 'no': ", "Please type 'yes', 'no' or the fingerprint: "})
    void shouldKnowThatTheAnswerWasNoAnswer(String text) {
        assertEquals(Kind.HOST_KEY_AGAIN, kind(text));
    }

    @Test
    void shouldTellWhichKeyAPassphraseIsFor() {
        assertEquals(
                new SshQuestion(Kind.PASSPHRASE, "/home/ops/it's 'here'"),
                SshQuestion.of("Enter passphrase for key '/home/ops/it's 'here'': "));
        assertEquals(Kind.OTHER, kind("(ops@web1) Enter passphrase for key '/home/ops/.ssh/id': "));
    }

    @Test
    void shouldFindTheFingerprintOfAHostsKey() {
        assertEquals(
                new SshQuestion(Kind.HOST_KEY, "SHA256:O0JQQBN3oXF/z2yRJ//AKZvPzGgnEeZ/N66dOsyf26I"),
                SshQuestion.of(HOST_KEY));
        assertEquals(
                "SHA256:abc",
                SshQuestion.of("The authenticity of host 'h (1.2.3.4)' can't be established.\n"
                                + "RSA key fingerprint is SHA256:abc\n"
                                + "Are you sure you want to continue connecting (yes/no)? ")
                        .subject());
    }
}
