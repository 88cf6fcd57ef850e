// SPDX-License-Identifier: BSD-3-Clause
/** Contexts in other accounts, by sudo, su and doas. May use all modules. JUnit's threads and the contexts' own. */
package io.mitogen.testkit.escalate;
