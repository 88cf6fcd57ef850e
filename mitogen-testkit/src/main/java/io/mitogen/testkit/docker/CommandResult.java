// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

/**
 * How a command ended that was run inside a host.
 *
 * @param exitCode 0 to 255
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
public record CommandResult(int exitCode, String out, String err) {}
