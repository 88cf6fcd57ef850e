// SPDX-License-Identifier: BSD-3-Clause
/**
 * Measures connecting to a host beside Python Mitogen, for {@code bin/compare-hosts}. May use the whole testkit and the library.
 * Lives on the thread of the test.
 */
package io.mitogen.testkit.compare;
