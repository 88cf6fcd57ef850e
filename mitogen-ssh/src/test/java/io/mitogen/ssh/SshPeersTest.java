// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SshPeersTest {
    @TempDir
    private Path folder;

    /** Returns the peers of {@code web1} with a client that runs {@code answer} when it is asked; its last argument is the host. */
    private Set<String> peers(String answer) throws IOException {
        Path ssh = folder.resolve("ssh");
        Files.writeString(ssh, "#!/bin/sh\nfor host; do :; done; echo $host >>$0.asked\n" + answer + "\n");
        Files.setPosixFilePermissions(ssh, PosixFilePermissions.fromString("rwx------"));
        return Ssh.to("web1").path(ssh.toString()).peers();
    }

    @Test
    void shouldReadAConfigurationThatIsLargerThanAPipeHolds() throws IOException {
        Set<String> peers =
                peers("echo hostname 10.0.0.1; echo port 2222; head -c 200000 /dev/zero | tr '\\0' x; echo");
        assertEquals(Set.of("10.0.0.1:2222"), peers);
    }

    @Test
    void shouldAskForEachJumpHostOnceHoweverTheyReferToEachOther() throws IOException {
        Set<String> peers = peers("echo hostname $host; echo port 22; echo proxyjump a,b");
        assertEquals(Set.of("web1:22", "a:22", "b:22"), peers);
        assertEquals(List.of("web1", "a", "b"), Files.readAllLines(folder.resolve("ssh.asked")));
    }

    @Test
    void shouldKnowNoPeerButTheHostWhereTheClientCannotBeAsked() throws IOException {
        assertEquals(Set.of("web1:"), peers("exit 1"));
        Files.delete(folder.resolve("ssh"));
        assertEquals(
                Set.of("web1:"),
                Ssh.to("web1").path(folder.resolve("ssh").toString()).peers());
    }
}
