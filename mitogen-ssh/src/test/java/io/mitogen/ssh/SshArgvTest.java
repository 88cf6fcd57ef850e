// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.pickle.Secret;
import io.mitogen.parent.MethodOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The words that the options become. */
class SshArgvTest {
    private static final SshVersion VERSION = new SshVersion(9, 2);

    private static List<String> argv(Ssh ssh) {
        return argv(ssh, true);
    }

    private static List<String> argv(Ssh ssh, boolean asks) {
        return new SshArgv(MethodOptions.fromKwargs(ssh.options()), VERSION).words(asks, "COMMAND");
    }

    private static void assertHas(Ssh ssh, String... words) {
        List<String> argv = argv(ssh);
        assertTrue((" " + String.join(" ", argv) + " ").contains(" " + String.join(" ", words) + " "), argv.toString());
    }

    private static void assertHasNot(Ssh ssh, String option) {
        List<String> argv = argv(ssh);
        assertTrue(argv.stream().noneMatch(word -> word.startsWith(option)), argv.toString());
    }

    private final Ssh web = Ssh.to("web1");

    @Test
    void shouldEndWithTheHostAndTheCommandAfterAllOptions() {
        List<String> argv = argv(web.user("ops").arguments("-4"));
        assertEquals("ssh", argv.get(0));
        assertEquals(List.of("--", "web1", "COMMAND"), argv.subList(argv.size() - 3, argv.size()));
    }

    @Test
    void shouldPutTheUsersArgumentsBeforeItsOwn() {
        Ssh ssh = web.arguments("-o", "LogLevel=DEBUG")
                .arguments("-o", "ControlMaster=auto", "-l", "other")
                .user("ops");
        assertEquals(
                List.of("-o", "LogLevel=DEBUG", "-o", "ControlMaster=auto", "-l", "other"),
                argv(ssh).subList(1, 7));
    }

    @Test
    void shouldNameWhatIsChosen() {
        assertHas(web.user("ops"), "-l", "ops");
        assertHas(web.port(2222), "-p", "2222");
        assertHas(web.identity("~/key"), "-i", "~/key");
        assertHas(web.compression(true), "-o", "Compression=yes");
        assertHas(web.compression(false), "-o", "Compression=no");
        assertHas(web.debugLevel(2), "-vv");
        assertEquals("/opt/ssh", argv(web.path("/opt/ssh")).get(0));
    }

    @Test
    void shouldLeaveToTheConfigurationWhatIsNotChosen() {
        for (String option : List.of(
                "-l",
                "-p",
                "-i",
                "Compression",
                "StrictHostKeyChecking",
                "UserKnownHostsFile",
                "IdentitiesOnly",
                "BatchMode",
                "ProxyJump",
                "ControlPath",
                "ForwardAgent")) {
            assertHasNot(web, option);
        }
    }

    @Test
    void shouldOfferTheChosenKeysOnlyUnlessToldOtherwise() {
        assertHas(web.identity("k"), "-o", "IdentitiesOnly=yes");
        assertHas(web.password(Secret.of("x")), "-o", "IdentitiesOnly=yes");
        assertHas(web.identity("k").identitiesOnly(false), "-o", "IdentitiesOnly=no");
        assertHas(web.identitiesOnly(true), "-o", "IdentitiesOnly=yes");
    }

    @Test
    void shouldSayWhatToDoWithUnknownHostKeys() {
        assertHas(web.hostKeys(HostKeys.ENFORCE), "-o", "StrictHostKeyChecking=ask");
        assertHas(web.hostKeys(HostKeys.ACCEPT_NEW), "-o", "StrictHostKeyChecking=accept-new");
        assertHasNot(web.hostKeys(HostKeys.ACCEPT_NEW), "UserKnownHostsFile");
        assertHas(web.hostKeys(HostKeys.IGNORE), "-o", "StrictHostKeyChecking=no");
        assertHas(web.hostKeys(HostKeys.IGNORE), "-o", "UserKnownHostsFile=/dev/null");
        assertHas(web.hostKeys(HostKeys.IGNORE), "-o", "GlobalKnownHostsFile=/dev/null");
    }

    @Test
    void shouldAskForSignsOfLifeUnlessToldNotTo() {
        assertHas(web, "-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=3");
        assertHas(
                web.keepAlive(Duration.ofMinutes(1), 5), "-o", "ServerAliveInterval=60", "-o", "ServerAliveCountMax=5");
        assertHas(web.keepAlive(Duration.ZERO, 1), "-o", "ServerAliveInterval=0");
    }

    @Test
    void shouldGiveUpConnectingBeforeTheAttemptsOwnTimeIsOver() {
        assertHas(web, "-o", "ConnectTimeout=29");
        assertHas(web.connectTimeout(Duration.ofMillis(10)), "-o", "ConnectTimeout=1");
        assertHas(web.connectTimeout(Duration.ofDays(100_000)), "-o", "ConnectTimeout=86399");
    }

    @Test
    void shouldLetSshAskOnlyWhereItCan() {
        assertFalse(argv(web, true).contains("BatchMode=yes"));
        assertTrue(argv(web, false).contains("BatchMode=yes"));
        assertHas(web.password(Secret.of("x")), "-o", "BatchMode=no");
        assertHas(web.identity("k", Secret.of("x")), "-o", "BatchMode=no");
    }

    @Test
    void shouldRefuseValuesOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> web.port(0));
        assertThrows(IllegalArgumentException.class, () -> web.port(65_536));
        assertThrows(IllegalArgumentException.class, () -> web.debugLevel(4));
        assertThrows(IllegalArgumentException.class, () -> web.keepAlive(Duration.ofMillis(10), 3));
        assertThrows(IllegalArgumentException.class, () -> web.keepAlive(Duration.ofSeconds(-1), 3));
        assertThrows(IllegalArgumentException.class, () -> web.keepAlive(Duration.ofSeconds(1), 0));
        assertThrows(IllegalArgumentException.class, () -> web.password(Secret.of("two\nlines")));
        assertThrows(IllegalArgumentException.class, () -> web.identity("k", Secret.of("two\nlines")));
    }

    @Test
    void shouldForgetThePassphraseOfAnotherKey() {
        Ssh ssh = web.identity("a", Secret.of("of a")).identity("b");
        assertEquals(null, MethodOptions.fromKwargs(ssh.options()).secret("passphrase"));
    }

    private static String options(SshVersion version) {
        return String.join(
                " ", new SshArgv(MethodOptions.fromKwargs(Ssh.to("web1").options()), version).words(true, "COMMAND"));
    }

    @Test
    void shouldOverrideWhatTurnsSshIntoATunnelWhereTheVersionKnowsTheOption() {
        String old = options(new SshVersion(8, 4));
        String since87 = options(new SshVersion(8, 7));
        String since96 = options(new SshVersion(10, 0));

        for (String option : List.of("SessionType=default", "StdinNull=no", "ForkAfterAuthentication=no")) {
            assertFalse(old.contains(option), old);
            assertTrue(since87.contains("-o " + option), since87);
            assertTrue(since96.contains("-o " + option), since96);
        }
        assertFalse(since87.contains("ChannelTimeout"), since87);
        assertTrue(since96.contains("-o ChannelTimeout=none"), since96);
        assertFalse(options(SshVersion.UNKNOWN).contains("SessionType"));
    }
}
