// SPDX-License-Identifier: BSD-3-Clause
/** Contexts behind a real sshd of this machine, and what bad networks do to them. */
package io.mitogen.testkit.ssh;
