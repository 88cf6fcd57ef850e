// SPDX-License-Identifier: BSD-3-Clause
/** Calls, receivers and senders between real processes. May use all modules. JUnit's threads and the contexts' own. */
package io.mitogen.testkit.call;
