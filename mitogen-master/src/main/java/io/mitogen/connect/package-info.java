// SPDX-License-Identifier: BSD-3-Clause
/**
 * The connection methods of this module: values that say how a context is reached.
 * May use {@code parent} and the core; shipped to children that become parents.
 * All types are immutable and serve any thread.
 */
package io.mitogen.connect;
