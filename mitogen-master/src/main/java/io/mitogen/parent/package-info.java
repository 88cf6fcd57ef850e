// SPDX-License-Identifier: BSD-3-Clause
/**
 * Starting contexts: the interface that connection methods implement, and one attempt from its process to its link.
 * May use the core and {@code relay}; runs in masters and, shipped as a bundle, in children that become parents.
 * Attempts belong to the broker's turn, but for the start of the process, which has a thread of its own.
 */
package io.mitogen.parent;
