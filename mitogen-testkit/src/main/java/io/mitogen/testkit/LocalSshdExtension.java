// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** What {@link RequiresSshd} does. Any thread. */
final class LocalSshdExtension implements ExecutionCondition, ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(LocalSshdExtension.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return decide(LocalSshd.missing(), "true".equals(System.getenv("CI")));
    }

    /** Throws when tests may not be skipped, as a condition cannot make them fail in another way. */
    static ConditionEvaluationResult decide(Optional<String> missing, boolean isSkipForbidden) {
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("sshd is installed");
        }
        if (isSkipForbidden) {
            throw new IllegalStateException(missing.get() + " (CI=true forbids to skip the test)");
        }
        return ConditionEvaluationResult.disabled(missing.get());
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == LocalSshd.class;
    }

    @Override
    public LocalSshd resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ExtensionContext ofClass = context;
        while (ofClass.getParent().isPresent()
                && ofClass.getParent().get().getTestClass().isPresent()) {
            ofClass = ofClass.getParent().get();
        }
        return ofClass.getStore(NAMESPACE)
                .getOrComputeIfAbsent(LocalSshd.class, key -> LocalSshd.start(), LocalSshd.class); // closed by JUnit
    }
}
