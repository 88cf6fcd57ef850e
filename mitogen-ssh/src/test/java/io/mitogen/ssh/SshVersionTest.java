// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SshVersionTest {
    @Test
    void shouldReadTheVersionThatSshPrints() {
        assertEquals(
                new SshVersion(9, 2), SshVersion.parse("OpenSSH_9.2p1 Debian-2+deb12u10, OpenSSL 3.0.19 27 Jan 2026"));
        assertEquals(new SshVersion(10, 0), SshVersion.parse("OpenSSH_10.0, LibreSSL 4.1.0"));
        assertEquals(new SshVersion(8, 6), SshVersion.parse("OpenSSH_for_Windows_8.6p1, LibreSSL 3.4.3"));
        assertSame(SshVersion.UNKNOWN, SshVersion.parse("Dropbear v2022.83"));
        assertSame(SshVersion.UNKNOWN, SshVersion.parse(""));
    }

    @Test
    void shouldCompareVersionsAsNumbers() {
        assertTrue(new SshVersion(10, 0).isAtLeast(9, 6));
        assertTrue(new SshVersion(9, 6).isAtLeast(9, 6));
        assertFalse(new SshVersion(9, 5).isAtLeast(9, 6));
        assertFalse(SshVersion.UNKNOWN.isAtLeast(8, 7));
    }

    @Test
    void shouldAskTheClientAtAPathOnceAndAgainWhereItGaveNoAnswer(@TempDir Path folder) throws IOException {
        Path ssh = folder.resolve("ssh");
        assertSame(SshVersion.UNKNOWN, SshVersion.of(ssh.toString()));
        write(ssh, "exit 1");
        assertSame(SshVersion.UNKNOWN, SshVersion.of(ssh.toString()));
        write(ssh, "echo OpenSSH_9.9p2 >&2");
        assertEquals(new SshVersion(9, 9), SshVersion.of(ssh.toString()));
        write(ssh, "exit 1");
        assertEquals(new SshVersion(9, 9), SshVersion.of(ssh.toString()));
    }

    private static void write(Path script, String command) throws IOException {
        Files.writeString(script, "#!/bin/sh\n" + command + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }
}
