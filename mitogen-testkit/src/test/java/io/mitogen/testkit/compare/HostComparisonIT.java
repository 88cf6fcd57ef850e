// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.testkit.docker.DockerHost;
import io.mitogen.testkit.docker.RequiresDocker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The program behind {@code bin/compare-hosts}, which gives the number of rounds; otherwise one small round shows that it works. */
@RequiresDocker
@Timeout(3600)
final class HostComparisonIT {
    private static final int ROUNDS = Integer.getInteger("compare.rounds", 0);
    private static final Path TABLE = Path.of("target", "compare-hosts.txt");

    @Test
    void shouldMeasureTheSameOfBothLibraries(DockerHost host) throws Exception {
        HostComparison comparison =
                ROUNDS == 0 ? new HostComparison(host, 1, 1, 3) : new HostComparison(host, ROUNDS, 5, 100);

        Figures figures = comparison.measure();

        Files.writeString(TABLE, comparison.table(figures));
        assertEquals(
                List.of(
                        "ssh_ms",
                        "sudo_ms",
                        "sudo_again_ms",
                        "sudo_password_ms",
                        "many_ms",
                        "many_descriptors",
                        "many_threads",
                        "many_rss_kib"),
                figures.common());
    }
}
