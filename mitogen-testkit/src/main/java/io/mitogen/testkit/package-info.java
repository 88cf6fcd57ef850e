// SPDX-License-Identifier: BSD-3-Clause
/**
 * Helps tests of programs that use Mitogen: starts and stops what they need and checks that nothing is left behind. May
 * use every exported package and the test framework. Lives on the thread of the test.
 */
package io.mitogen.testkit;
