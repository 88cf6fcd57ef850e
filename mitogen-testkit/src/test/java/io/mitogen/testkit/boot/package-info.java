// SPDX-License-Identifier: BSD-3-Clause
/** What the start of a context must cope with on a target, short of a real remote machine. May use all modules. Any thread. */
package io.mitogen.testkit.boot;
