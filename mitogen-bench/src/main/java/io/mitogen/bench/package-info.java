// SPDX-License-Identifier: BSD-3-Clause
/**
 * Measures Mitogen with JMH, one class for each question. May use every exported package, never the testkit. Lives on
 * the threads JMH makes.
 */
package io.mitogen.bench;
