// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mitogen.core.call.Context;
import io.mitogen.parent.ConnectException;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.ssh.Ssh;
import io.mitogen.testkit.FaultProxy;
import io.mitogen.testkit.LocalSshd;
import io.mitogen.testkit.RequiresSshd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts that take fewer connections, or fewer sessions, than one program wants. */
@RequiresSshd
final class PeerLimitsIT extends SshContract {
    private static Ssh ssh(LocalSshd sshd, String config) {
        return Ssh.to(sshd.host())
                .port(sshd.port())
                .arguments("-F", config, "-o", "IdentityAgent=none", "-o", "UserKnownHostsFile=" + sshd.knownHosts())
                .connectTimeout(SOON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PerSourceMaxStartups 1", "PerSourceMaxStartups 3", "MaxStartups 1:100:1"})
    void shouldConnectAllThroughASshdThatTakesFewerAtATime(String limit) throws Exception {
        try (LocalSshd busy = LocalSshd.start(limit);
                FaultProxy far = FaultProxy.to("127.0.0.1", busy.port())) {
            far.delay(Duration.ofMillis(40));
            List<CompletableFuture<Context>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(router().connectAsync(ssh(busy, "none")
                        .port(far.port())
                        .identity(busy.identity().toString())
                        .java("/bin/false")));
            }
            for (CompletableFuture<Context> one : all) {
                ConnectException failure = (ConnectException)
                        assertThrows(ExecutionException.class, one::get).getCause();
                assertEquals(Reason.EXITED, failure.reason(), failure.getMessage());
            }
        }
    }

    @Test
    void shouldMakeAConnectionOfItsOwnWhereAMasterConnectionTakesNoMoreSessionsOrSayWhatKeepsItOut() throws Exception {
        try (LocalSshd sshd = LocalSshd.start("MaxSessions 1")) {
            Path control = sshd.folder().resolve("control");
            String config = Files.writeString(sshd.folder().resolve("sharing"), "ControlPath " + control + "\n")
                    .toString();
            assertEquals(0, run(sshd, config, "-M", "-f", "-N"));
            Ssh sharing = ssh(sshd, config).arguments("-o", "PreferredAuthentications=none");
            Context first = router().connect(sharing);

            assertConnects(
                    sshd.user(), ssh(sshd, config).identity(sshd.identity().toString()));
            assertFails(Reason.SESSION_REFUSED, sharing, "MaxSessions", "accepted no key");

            first.shutdown();
            assertEquals(0, run(sshd, config, "-O", "exit"));
        }
    }

    private static int run(LocalSshd sshd, String config, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of("ssh", "-F", config));
        words.addAll(sshd.sshArguments().subList(2, sshd.sshArguments().size()));
        words.addAll(List.of(more));
        words.add(sshd.host());
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @Test
    void shouldSayThatAHostOpensNoSession() throws Exception {
        try (LocalSshd sshd = LocalSshd.start("MaxSessions 0")) {
            assertFails(
                    Reason.SESSION_REFUSED,
                    ssh(sshd, "none").identity(sshd.identity().toString()),
                    "MaxSessions",
                    "ProxyJump");
        }
    }
}
