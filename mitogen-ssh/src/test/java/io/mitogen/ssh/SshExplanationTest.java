// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.parent.Ending;
import io.mitogen.parent.Reply;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the last lines of OpenSSH mean, recorded from version 9.2 and where told from older ones. */
class SshExplanationTest {
    private static final SshTalk SILENT = SshTalk.silent(false);
    private static final String HOST_KEY_QUESTION = """
            The authenticity of host 'web1 (192.0.2.7)' can't be established.
            ED25519 key fingerprint is SHA256:O0JQQBN3oXF/z2yRJ//AKZvPzGgnEeZ/N66dOsyf26I.
            This key is not known by any other names.
            Are you sure you want to continue connecting (yes/no/[fingerprint])?\s""";
    private static final String CHANGED = """
            @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
            @    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
            @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
            IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!
            Someone could be eavesdropping on you right now (man-in-the-middle attack)!
            It is also possible that a host key has just been changed.
            The fingerprint for the ED25519 key sent by the remote host is
            SHA256:O0JQQBN3oXF/z2yRJ//AKZvPzGgnEeZ/N66dOsyf26I.
            Please contact your system administrator.
            Add correct host key in /home/ops/known hosts to get rid of this message.
            Offending ED25519 key in /home/ops/known hosts:17
              remove with:
              ssh-keygen -f "/home/ops/known hosts" -R "[web1]:2222"
            Host key for [web1]:2222 has changed and you have requested strict checking.
            Host key verification failed.""";

    private static Reply.Failure failure(SshTalk talk, int status, boolean commandRan, String heard) {
        Ending ending = new Ending(heard.lines().toList(), status, commandRan);
        return new SshExplanation(ending, talk).failure();
    }

    static Stream<Arguments> network() {
        return Stream.of(
                arguments(
                        SILENT,
                        "ssh: Could not resolve hostname web1.invalid: Name or service not known",
                        Reason.HOST_UNKNOWN,
                        "web1.invalid"),
                arguments(
                        SILENT,
                        "ssh: Could not resolve hostname web1: Temporary failure in name resolution",
                        Reason.HOST_UNKNOWN,
                        "Temporary failure"),
                arguments(
                        SILENT,
                        "ssh: connect to host web1 port 22: Connection refused",
                        Reason.REFUSED,
                        "web1 port 22"),
                arguments(
                        SILENT,
                        "ssh: connect to host 192.0.2.7 port 22: Connection timed out",
                        Reason.UNREACHABLE,
                        "Connection timed out"),
                arguments(
                        SILENT,
                        "ssh: connect to host web1 port 22: No route to host",
                        Reason.UNREACHABLE,
                        "No route to host"),
                arguments(
                        SILENT,
                        "ssh: connect to host fe80::1%eth0 port 22: Network is unreachable",
                        Reason.UNREACHABLE,
                        "fe80::1%eth0"),
                arguments(
                        SILENT,
                        "Connection timed out during banner exchange\nConnection to 127.0.0.1 port 4703 timed out",
                        Reason.UNREACHABLE,
                        "no ssh server answered"),
                arguments(
                        SILENT,
                        "channel 0: open failed: connect failed: Connection refused\nstdio forwarding failed\n"
                                + "kex_exchange_identification: Connection closed by remote host\n"
                                + "Connection closed by UNKNOWN port 65535",
                        Reason.REFUSED,
                        "jump host"),
                arguments(
                        SILENT,
                        "channel 0: open failed: connect failed: Name or service not known\nstdio forwarding failed\n"
                                + "kex_exchange_identification: Connection closed by remote host\n"
                                + "Connection closed by UNKNOWN port 65535",
                        Reason.HOST_UNKNOWN,
                        "jump host"),
                arguments(
                        SILENT,
                        "channel 0: open failed: administratively prohibited: open failed\nstdio forwarding failed",
                        Reason.UNREACHABLE,
                        "administratively prohibited"));
    }

    static Stream<Arguments> hostKeys() {
        return Stream.of(
                arguments(SILENT, CHANGED, Reason.HOST_KEY_CHANGED, "the known one is in /home/ops/known hosts:17"),
                arguments(
                        SILENT,
                        CHANGED,
                        Reason.HOST_KEY_CHANGED,
                        "is SHA256:O0JQQBN3oXF/z2yRJ//AKZvPzGgnEeZ/N66dOsyf26I; the known one"),
                arguments(
                        SILENT,
                        CHANGED,
                        Reason.HOST_KEY_CHANGED,
                        "ssh-keygen -f \"/home/ops/known hosts\" -R \"[web1]:2222\""),
                arguments(
                        SILENT,
                        "No ED25519 host key is known for [web1]:2222 and you have requested strict checking.\n"
                                + "Host key verification failed.",
                        Reason.HOST_KEY_UNKNOWN,
                        "[web1]:2222"),
                arguments(
                        SILENT.withAsked().withHostKeyQuestion(HOST_KEY_QUESTION),
                        "Host key verification failed.",
                        Reason.HOST_KEY_UNKNOWN,
                        "SHA256:O0JQQBN3oXF/z2yRJ//AKZvPzGgnEeZ/N66dOsyf26I"),
                arguments(SILENT, "Host key verification failed.", Reason.HOST_KEY_UNKNOWN, "OpenSSH 8.4"),
                arguments(
                        SILENT,
                        "The ED25519 host key for web1 is marked as revoked.\nHost key verification failed.",
                        Reason.HOST_KEY_CHANGED,
                        "revoked"));
    }

    static Stream<Arguments> refusals() {
        String none = "ops@web1: Permission denied (publickey).";
        String either = "ops@web1: Permission denied (publickey,password,keyboard-interactive).";
        return Stream.of(
                arguments(SILENT, none, Reason.KEY_REFUSED, "one of: publickey"),
                arguments(SILENT, "Permission denied (publickey).", Reason.KEY_REFUSED, "one of: publickey"),
                arguments(SshTalk.silent(true), none, Reason.KEY_REFUSED, "and no password"),
                arguments(SILENT, either, Reason.PASSWORD_REQUIRED, "BatchMode"),
                arguments(SshTalk.silent(true), either, Reason.PASSWORD_REQUIRED, "though one was given"),
                arguments(SshTalk.silent(true).withAsked().withPasswordSent(), either, Reason.PASSWORD_WRONG, "locked"),
                arguments(SILENT.withAsked().withClosedKey("/k"), none, Reason.PASSPHRASE_REQUIRED, "/k"),
                arguments(SILENT.withAsked().withPassphraseSent(), none, Reason.KEY_REFUSED, "passphrase"),
                arguments(SILENT.withAsked(), either, Reason.KEY_REFUSED, "accepted no key"),
                arguments(
                        SILENT,
                        "Warning: Identity file ./k not accessible: No such file or directory.\n" + none,
                        Reason.KEY_REFUSED,
                        "no key in ./k (No such file or directory)"),
                arguments(
                        SILENT,
                        "Permissions 0644 for '/a b/k' are too open.\nThis private key will be ignored.\n"
                                + "Load key \"/a b/k\": bad permissions\n" + none,
                        Reason.KEY_REFUSED,
                        "chmod 600 /a b/k"),
                arguments(
                        SILENT,
                        "Load key \"k\": error in libcrypto\n" + none,
                        Reason.KEY_REFUSED,
                        "k (error in libcrypto)"),
                arguments(
                        SILENT,
                        "Received disconnect from 127.0.0.1 port 2222:2: Too many authentication failures\n"
                                + "Disconnected from 127.0.0.1 port 2222",
                        Reason.KEY_REFUSED,
                        "MaxAuthTries"),
                arguments(
                        SILENT,
                        "Your account has expired; please contact your system administrator.\n"
                                + "Connection closed by 127.0.0.1 port 2222",
                        Reason.ACCOUNT_REFUSED,
                        "account has expired"));
    }

    @Test
    void shouldNotTakeALineOfAProfileForAComplaintOfSsh() {
        String heard = "/home/ops/.bashrc: line 12: nvm: command not found\nConnection to web1 closed by remote host.";

        assertEquals(Reason.DISCONNECTED, failure(SILENT, 255, false, heard).reason());
    }

    static Stream<Arguments> endsAndOptions() {
        return Stream.of(
                arguments(
                        SILENT,
                        "ssh: connect to host web1 port 22: Connection reset by peer",
                        Reason.DISCONNECTED,
                        "the connection ended"),
                arguments(
                        SILENT,
                        "Unable to negotiate with 127.0.0.1 port 2222: no matching host key type found. Their offer: ssh-rsa,ssh-dss",
                        Reason.DISCONNECTED,
                        "no host key type in common; the host offers ssh-rsa,ssh-dss"),
                arguments(
                        SILENT,
                        "kex_exchange_identification: read: Connection reset by peer\n"
                                + "Connection reset by 127.0.0.1 port 4702",
                        Reason.DISCONNECTED,
                        "MaxStartups"),
                arguments(
                        SILENT,
                        "Protocol major versions differ: 2 vs. 1\n"
                                + "banner exchange: Connection to 127.0.0.1 port 4706: could not read protocol version",
                        Reason.DISCONNECTED,
                        "no ssh server"),
                arguments(
                        SILENT,
                        "ssh_exchange_identification: Connection closed by remote host",
                        Reason.DISCONNECTED,
                        "MaxStartups"),
                arguments(
                        SILENT,
                        "Connection closed by 127.0.0.1 port 2222",
                        Reason.DISCONNECTED,
                        "Connection closed by"),
                arguments(
                        SILENT,
                        "/home/ops/.bashrc: line 12: no nvm\nConnection reset by x",
                        Reason.DISCONNECTED,
                        "reset"),
                arguments(SILENT, "Timeout, server web1 not responding.", Reason.DISCONNECTED, "not responding"),
                arguments(SILENT, "client_loop: send disconnect: Broken pipe", Reason.DISCONNECTED, "Broken pipe"),
                arguments(
                        SILENT,
                        "command-line: line 0: Bad configuration option: foo",
                        Reason.START_REFUSED,
                        "option: foo"),
                arguments(
                        SILENT,
                        "/home/ops/.ssh/config: line 1: Bad configuration option: foo\n"
                                + "/home/ops/.ssh/config: terminating, 1 bad configuration options",
                        Reason.START_REFUSED,
                        "config: line 1"),
                arguments(SILENT, "command-line line 0: Bad port 'x'.", Reason.START_REFUSED, "Bad port"),
                arguments(SILENT, "unknown option -- !\nusage: ssh [-46AaCf]", Reason.START_REFUSED, "-- !"),
                arguments(
                        SILENT,
                        "Bad owner or permissions on /home/ops/.ssh/config",
                        Reason.START_REFUSED,
                        "/home/ops/.ssh/config"));
    }

    @ParameterizedTest
    @MethodSource({"network", "hostKeys", "refusals", "endsAndOptions"})
    void shouldNameWhatSshComplainsOf(SshTalk talk, String heard, Reason reason, String told) {
        for (int status : new int[] {255, Ending.UNKNOWN}) {
            Reply.Failure failure = failure(talk, status, false, heard);
            assertNotNull(failure, heard);
            assertEquals(reason, failure.reason(), failure.text());
            assertTrue(failure.text().contains(told), failure.text());
        }
    }

    @Test
    void shouldFindTheComplaintOfTheJumpHostBeforeThatOfTheSshThatNeededIt() {
        Reply.Failure failure = failure(
                SILENT,
                255,
                false,
                "deploy@bastion: Permission denied (publickey).\n"
                        + "kex_exchange_identification: Connection closed by remote host\n"
                        + "Connection closed by UNKNOWN port 65535");
        assertEquals(Reason.KEY_REFUSED, failure.reason(), failure.text());
    }

    @Test
    void shouldTellAShellThatRefusesFromAnythingThatFailsAfterIt() {
        String words = "This account is currently not available.";
        assertEquals(Reason.SHELL_REFUSED, failure(SILENT, 1, false, words).reason());
        assertEquals(Reason.SHELL_REFUSED, failure(SILENT, 1, false, "").reason());
        assertEquals(
                Reason.SHELL_REFUSED,
                failure(SILENT, 0, false, "Welcome to the menu").reason());
        assertNull(failure(SILENT, 1, true, "Unrecognized option: -Xfoo"));
        assertNull(failure(SILENT, 143, false, ""), "ssh itself was killed");
    }

    @Test
    void shouldTellAnExpiredPasswordFromARefusingShell() {
        Reply.Failure failure = failure(
                SILENT,
                1,
                false,
                "You are required to change your password immediately (administrator enforced).\n"
                        + "WARNING: Your password has expired.\nPassword change required but no TTY available.");
        assertEquals(Reason.ACCOUNT_REFUSED, failure.reason(), failure.text());
    }

    @Test
    void shouldMakeNothingOfWordsThatMeanNothing() {
        assertNull(failure(SILENT, 255, false, "Welcome. Permission denied is a film.\nPassword: Connection refused"));
    }

    @Test
    void shouldSayThatAKeyBelongsToAJumpHost() {
        String text = SshExplanation.hostKeyUnknown(SshExplanation.KEY_NOT_KNOWN, HOST_KEY_QUESTION, false)
                .text();
        assertTrue(text.contains("jump host"), text);
    }

    private static void assertTold(Reason reason, String told, SshTalk talk, int status, String heard) {
        Reply.Failure failure = failure(talk, status, false, heard);
        assertNotNull(failure, heard);
        assertEquals(reason, failure.reason(), failure.text());
        assertTrue(failure.text().contains(told), failure.text());
    }

    @Test
    void shouldNameTheProxyCommandThatCouldNotBeRun() {
        String end =
                "\nkex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535";
        for (String shell : List.of(
                "sh: 1: exec: corkscrew: not found",
                "/bin/bash: line 1: exec: corkscrew: not found",
                "/bin/bash: line 1: exec: corkscrew: cannot execute: No such file or directory",
                "zsh:1: command not found: corkscrew",
                "ksh: corkscrew: not found",
                "fish: Unknown command: corkscrew",
                "corkscrew: Command not found.")) {
            assertTold(Reason.START_REFUSED, "corkscrew", SILENT, 255, shell + end);
        }
    }

    @Test
    void shouldTellARefusalOfAJumpHostFromOneOfTheHost() {
        String end =
                "\nkex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535";
        String denied = "ops@bastion: Permission denied (publickey,password).";
        assertTold(Reason.KEY_REFUSED, "the jump host bastion", SILENT, 255, denied + end);
        assertTold(Reason.KEY_REFUSED, "the jump host bastion", SshTalk.silent(true), 255, denied + end);
        assertTold(
                Reason.KEY_REFUSED,
                "the host accepted no key",
                SILENT,
                255,
                "ops@web1: Permission denied (publickey).");
    }

    /** ssh names the host by its HostName and in small letters. */
    @Test
    void shouldTakeARefusalForTheHostsOwnWhateverNameSshHasForIt() {
        assertTold(
                Reason.KEY_REFUSED,
                "the host accepted no key",
                SILENT,
                255,
                "ops@192.0.2.7: Permission denied (publickey).");
    }

    @Test
    void shouldSayWhenItWasAJumpHostThatHeardTooManyKeys() {
        String heard = "Received disconnect from 192.0.2.7 port 22:2: Too many authentication failures\n"
                + "Disconnected from 192.0.2.7 port 22\nkex_exchange_identification: Connection closed by remote host\n"
                + "Connection closed by UNKNOWN port 65535";
        assertTold(Reason.KEY_REFUSED, "a jump host hears", SshTalk.silent(true), 255, heard);
    }

    @Test
    void shouldQuoteTheCommandOnTheWayThatEnded() {
        String complaint = "An error occurred (TargetNotConnected) when calling the StartSession operation: i-1";
        for (String end : List.of(
                "\nkex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535",
                "\nbanner exchange: Connection to UNKNOWN port 65535: Broken pipe")) {
            assertTold(Reason.DISCONNECTED, "ProxyCommand, or", SILENT, 255, complaint + end);
            assertTold(Reason.DISCONNECTED, "and said: " + complaint, SILENT, 255, complaint + end);
            assertTold(Reason.DISCONNECTED, "without a word", SILENT, 255, end);
        }
    }

    @Test
    void shouldSayThatTheHostTakesNoMoreSessionsWhateverKeptASecondConnectionOut() {
        String full = "mux_client_request_session: session request failed: Session open refused by peer\n";
        for (String own : List.of(
                "ops@192.0.2.7: Permission denied (publickey).",
                "ssh: connect to host web1 port 22: Connection refused")) {
            assertTold(Reason.SESSION_REFUSED, "MaxSessions", SILENT, 255, full + own);
        }
        assertTold(
                Reason.SESSION_REFUSED,
                "ProxyJump",
                SILENT,
                255,
                "channel 0: open failed: connect failed: open failed");
    }

    @Test
    void shouldNameTheAddressThatSshCannotBind() {
        for (String line : List.of(
                "bind 203.0.113.1: Cannot assign requested address", "getifaddrs: vpn0: no suitable addresses")) {
            assertTold(Reason.START_REFUSED, line, SILENT, 255, line + "\nssh: connect to host web1 port 22: failure");
        }
        assertTold(
                Reason.START_REFUSED,
                "/bin/false",
                SILENT,
                255,
                "KnownHostsCommand-ORDER /bin/false failed, status 1\nKnownHostsCommand failed");
    }

    @Test
    void shouldSayThatTheHostTakesNoLoginsForNow() {
        String words =
                "\"System is booting up. Unprivileged users are not permitted to log in yet. Please come back later. For"
                        + " technical details, see pam_nologin(8).\"";
        assertTold(
                Reason.ACCOUNT_REFUSED,
                "not permitted",
                SILENT,
                255,
                words + "\nConnection closed by 192.0.2.7 port 22");
        assertTold(Reason.ACCOUNT_REFUSED, "not permitted", SILENT, 254, words);
    }

    @Test
    void shouldSayWhatMayKeepSshQuietWhenItSaysNothing() {
        assertTold(Reason.EXITED, "LogLevel", SILENT, 255, "");
    }

    @Test
    void shouldSayThatKeysCameBeforeThePassword() {
        String tooMany = "Received disconnect from 192.0.2.7 port 22:2: Too many authentication failures";
        assertTold(Reason.KEY_REFUSED, "PubkeyAuthentication=no", SshTalk.silent(true), 255, tooMany);
        assertTold(Reason.KEY_REFUSED, "choose one with Ssh.identity", SILENT, 255, tooMany);
    }

    @Test
    void shouldGiveAsTheReasonWhatTheHostSaidWhereItRanACommandOfItsOwn() {
        assertTold(
                Reason.ACCOUNT_REFUSED,
                "as the user \"ubuntu\"",
                SILENT,
                142,
                "Please login as the user \"ubuntu\" rather than the user \"root\".");
        String other = "Please login as the ec2-user user rather than root user.";
        assertTold(Reason.ACCOUNT_REFUSED, "ec2-user", SILENT, 142, other);
        assertTold(Reason.ACCOUNT_REFUSED, "ec2-user", SILENT, 255, other);
        assertTold(Reason.SHELL_REFUSED, "closed for maintenance", SILENT, 130, "closed for maintenance");
        assertTold(Reason.SHELL_REFUSED, "This account is only for git", SILENT, 1, "This account is only for git");
        assertNull(failure(SILENT, 137, false, ""), "killed");
    }

    @Test
    void shouldNameWhatSshLacksHere() {
        assertTold(Reason.START_REFUSED, "No user exists for uid 1234", SILENT, 255, "No user exists for uid 1234");
        String path = "ControlPath too long ('/home/ops/very/long' >= 108 bytes)";
        assertTold(Reason.START_REFUSED, "ControlPath too long", SILENT, 255, path);
    }
}
