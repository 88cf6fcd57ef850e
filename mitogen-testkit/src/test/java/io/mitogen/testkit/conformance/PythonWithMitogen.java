// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import io.mitogen.testkit.Requirement;
import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Marks tests that need a Python with Mitogen's package. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(PythonWithMitogen.Condition.class)
@interface PythonWithMitogen {
    /** Looks for one, and skips or fails where there is none. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return Requirement.judge(
                    find().isPresent()
                            ? Optional.empty()
                            : Optional.of("no Python with the package mitogen: install python3-mitogen"));
        }

        /** Returns the first interpreter that has it. */
        static Optional<String> find() {
            return List.of("python3", "/usr/bin/python3").stream()
                    .filter(Condition::hasMitogen)
                    .findFirst();
        }

        private static boolean hasMitogen(String interpreter) {
            try {
                return new ProcessBuilder(interpreter, "-c", "import mitogen.core")
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0;
            } catch (IOException expected) { // there is no such program
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
