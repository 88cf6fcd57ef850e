// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Runs inside a turn of the broker only: on its thread, or on a pump thread that borrowed the turn. Must not wait. */
@Documented
@Retention(RetentionPolicy.SOURCE)
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
public @interface BrokerThread {}
