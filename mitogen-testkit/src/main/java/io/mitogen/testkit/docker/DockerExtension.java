// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

import io.mitogen.testkit.Requirement;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** What {@link RequiresDocker} does. */
final class DockerExtension implements ExecutionCondition, ParameterResolver {
    private static final Namespace HOSTS = Namespace.create(DockerExtension.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return Requirement.judge(DockerHost.missing());
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == DockerHost.class || type == Bastion.class;
    }

    /** The store of the root closes what is in it at the end of the run. */
    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ExtensionContext.Store store = context.getRoot().getStore(HOSTS);
        if (parameter.getParameter().getType() == Bastion.class) {
            return store.getOrComputeIfAbsent(Bastion.class, key -> Bastion.start(), Bastion.class);
        }
        return store.getOrComputeIfAbsent(DockerHost.class, key -> DockerHost.start(), DockerHost.class);
    }
}
