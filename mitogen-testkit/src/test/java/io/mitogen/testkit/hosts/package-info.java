// SPDX-License-Identifier: BSD-3-Clause
/**
 * Tests of contexts on hosts as a whole: many at once, and where secrets must not be. May use everything. Lives on the thread
 * of the test.
 */
package io.mitogen.testkit.hosts;
