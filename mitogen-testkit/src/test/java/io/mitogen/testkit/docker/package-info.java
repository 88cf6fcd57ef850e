// SPDX-License-Identifier: BSD-3-Clause
/**
 * Tests of the hosts in containers. May use the whole testkit and the plain {@code ssh} program. Lives on the thread of the
 * test.
 */
package io.mitogen.testkit.docker;
