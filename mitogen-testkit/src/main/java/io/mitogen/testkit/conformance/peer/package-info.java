// SPDX-License-Identifier: BSD-3-Clause
/**
 * Implementations under test: how each kind is started, or starts the kit, what can be called there, and the links over which the kit speaks with
 * them. Uses {@code wire}, and of the library nothing but what starts its child. A reader thread for each link; everything else is on the thread of
 * the case.
 */
package io.mitogen.testkit.conformance.peer;
