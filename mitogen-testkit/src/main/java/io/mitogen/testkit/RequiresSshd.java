// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks tests that need {@link LocalSshd}. Where it cannot be, they are skipped with the reason, and fail when the environment
 * has {@code CI=true}. Their methods may have a parameter of type {@link LocalSshd}: one server for all tests of the class,
 * closed after the last.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(LocalSshdExtension.class)
public @interface RequiresSshd {}
