// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;

/** What needs no engine: who is skipped, and what is refused before anything is started. */
final class DockerExtensionTest {
    @Test
    void shouldRunWhenThereIsAnEngine() {
        assertFalse(DockerExtension.judge(Optional.empty(), true).isDisabled());
    }

    @Test
    void shouldSkipWithTheReasonWhenThereIsNone() {
        ConditionEvaluationResult result = DockerExtension.judge(Optional.of("no engine"), false);

        assertTrue(result.isDisabled());
        assertEquals(Optional.of("no engine"), result.getReason());
    }

    @Test
    void shouldFailInsteadOfSkipInContinuousIntegration() {
        Optional<String> missing = Optional.of("no engine");

        Exception refusal = assertThrows(IllegalStateException.class, () -> DockerExtension.judge(missing, true));
        assertTrue(refusal.getMessage().startsWith("no engine"), refusal.getMessage());
    }

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
