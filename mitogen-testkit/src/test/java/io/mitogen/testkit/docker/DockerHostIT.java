// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hosts start, are what was asked for, and leave nothing. */
@RequiresDocker
@Timeout(600)
final class DockerHostIT {
    @Test
    void shouldAcceptSshWithTheKey(DockerHost host) throws Exception {
        SshRun run = SshRun.of(host, Account.OPS, "id -un");

        assertEquals(new SshRun(0, "ops\n", ""), run);
    }
}
