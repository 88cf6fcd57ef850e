// SPDX-License-Identifier: BSD-3-Clause
/**
 * Hosts in containers, with sshd, sudo, su, doas and accounts of every kind, for tests of programs that use Mitogen. May use
 * the rest of the testkit, the test framework, and Testcontainers to find a Docker engine and speak with it. Lives on the
 * thread of the test.
 */
package io.mitogen.testkit.docker;
