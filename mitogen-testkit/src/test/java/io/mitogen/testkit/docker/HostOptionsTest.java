// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is refused before anything is started. */
final class HostOptionsTest {
    @Test
    void shouldRefuseAHostThatNobodyCouldReach() {
        HostOptions options = HostOptions.standard();

        assertThrows(
                IllegalArgumentException.class,
                () -> new HostOptions("lost", false, options.networks(), options.sshdOptions(), options.disks()));
        assertThrows(IllegalArgumentException.class, () -> options.withName("Not a name"));
    }

    @Test
    void shouldChangeTheCodeEveryHalfMinute() {
        assertEquals(VerificationCode.at(Instant.ofEpochSecond(30)), VerificationCode.at(Instant.ofEpochSecond(59)));
        assertTrue(VerificationCode.at(Instant.ofEpochSecond(60)).matches("\\d{6}"));
    }
}
