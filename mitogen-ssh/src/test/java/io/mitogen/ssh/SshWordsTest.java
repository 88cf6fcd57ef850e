// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.ssh;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may stand on ssh's command line, and what could be taken for something else. */
class SshWordsTest {
    @ParameterizedTest
    @ValueSource(strings = {"web1", "10.0.0.7", "::1", "fe80::1%eth0", "web_1.example.org", "bücher.example"})
    void shouldTakeNamesAndAddressesOfHosts(String host) {
        assertDoesNotThrow(() -> Ssh.to(host));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-oProxyCommand=x",
                "ops@web1",
                "ssh://web1",
                "a b",
                "a;b",
                "$(x)",
                "`x`",
                "a\\b",
                "a|b",
                "a\nb",
                "a\"b"
            })
    void shouldRefuseAHostThatCouldBeSomethingElse(String host) {
        assertThrows(IllegalArgumentException.class, () -> Ssh.to(host));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ops", "CORP\\ops", "ops@corp.example", "first last", "dürer"})
    void shouldTakeNamesOfAccounts(String user) {
        assertDoesNotThrow(() -> Ssh.to("web1").user(user));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-l", "a;b", "a$b", "a'b", "a\\", "a -b", "a\0b"})
    void shouldRefuseAnAccountThatCouldBeSomethingElse(String user) {
        assertThrows(IllegalArgumentException.class, () -> Ssh.to("web1").user(user));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-4", "-o ProxyJump=a", "-oProxyJump=a", "-4AJ bastion -F /x", "-F none -i -odd-", "-L 1:h:2"})
    void shouldTakeOptionsWithTheirValues(String words) {
        assertDoesNotThrow(() -> Ssh.to("web1").arguments(words.split(" ")));
    }

    @ParameterizedTest
    @CsvSource({
        "web2, web2",
        "--, --",
        "-, -",
        "-4 web2, web2",
        "-oX=y z, z",
        "-o, -o",
        "-4AJ, -J",
        "-J bastion web2, web2"
    })
    void shouldRefuseWordsThatSshTakesForTheHost(String words, String culprit) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> SshWords.checkArguments(List.of(words.split(" "))));
        assertTrue(refused.getMessage().contains(culprit), refused.getMessage());
    }

    @Test
    void shouldRefuseWhatLeavesNoCommandThatReadsAndWrites() {
        for (String[] words : new String[][] {
            {"-N"},
            {"-f"},
            {"-vN"},
            {"-n"},
            {"-s"},
            {"-G"},
            {"-W", "web2:22"},
            {"-O", "check"},
            {"-o", "SessionType=none"},
            {"-oStdinNull=yes"},
            {"-o", "forkafterauthentication yes"}
        }) {
            assertThrows(IllegalArgumentException.class, () -> SshWords.checkArguments(List.of(words)), words[0]);
        }
        SshWords.checkArguments(List.of("-o", "SendEnv=N", "-l", "fns", "-4"));
    }
}
