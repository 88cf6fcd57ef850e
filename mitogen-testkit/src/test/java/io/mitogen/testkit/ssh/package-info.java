// SPDX-License-Identifier: BSD-3-Clause
/** Contexts over ssh, to this machine and to hosts in containers, and what bad networks do to them. */
package io.mitogen.testkit.ssh;
