// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;

/**
 * What becomes of tests that need something which a machine may lack. For JUnit conditions of one's own that shall skip and fail
 * as {@link RequiresSshd} and {@code RequiresDocker} do. Any thread.
 */
public final class Requirement {
    private Requirement() {}

    /**
     * Lets tests run when nothing is missing; else they are skipped with the reason, or fail where nothing may be skipped.
     *
     * @param missing what is missing, and how to get it
     * @throws IllegalStateException when tests may not be skipped, as a condition cannot make them fail in another way
     */
    public static ConditionEvaluationResult judge(Optional<String> missing) {
        return judge(missing, "true".equals(System.getenv("CI")));
    }

    static ConditionEvaluationResult judge(Optional<String> missing, boolean isSkipForbidden) {
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("all that is needed is there");
        }
        if (isSkipForbidden) {
            throw new IllegalStateException(missing.get() + " (CI=true forbids to skip the test)");
        }
        return ConditionEvaluationResult.disabled(missing.get());
    }
}
