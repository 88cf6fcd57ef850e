// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * For a test class or method that needs a Docker engine. Without one it is skipped, with the reason, or fails if the
 * environment has {@code CI=true}. Its methods may take a {@link DockerHost} and a {@link Bastion} as parameters: these are
 * started at their first use, are the same for all classes of the run, and are removed after it. What a test changes in them
 * (the host's key, accepted keys, files, passwords) stays changed for the others: such tests start a host of their own.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(DockerExtension.class)
public @interface RequiresDocker {}
