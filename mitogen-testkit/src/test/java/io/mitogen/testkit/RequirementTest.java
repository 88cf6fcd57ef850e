// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;

final class RequirementTest {
    private static final Optional<String> MISSING = Optional.of("no engine");

    @Test
    void shouldRunWhenNothingIsMissing() {
        assertFalse(Requirement.judge(Optional.empty(), true).isDisabled());
    }

    @Test
    void shouldSkipWithTheReason() {
        ConditionEvaluationResult result = Requirement.judge(MISSING, false);

        assertTrue(result.isDisabled());
        assertEquals(MISSING, result.getReason());
    }

    @Test
    void shouldFailWhereNothingMayBeSkipped() {
        Exception refusal = assertThrows(IllegalStateException.class, () -> Requirement.judge(MISSING, true));

        assertTrue(refusal.getMessage().startsWith("no engine"), refusal.getMessage());
    }
}
