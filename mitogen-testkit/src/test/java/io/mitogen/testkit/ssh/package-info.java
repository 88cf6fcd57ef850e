// SPDX-License-Identifier: BSD-3-Clause
/** Contexts on other machines, by ssh. May use all modules. JUnit's threads and the contexts' own. */
package io.mitogen.testkit.ssh;
