// SPDX-License-Identifier: BSD-3-Clause
/**
 * The few primitives with which threads of this library meet: latches, lanes, signals, clocks, deadlines.
 * May use the root package only.
 * Every type here serves any thread and holds no lock while calling out.
 */
package io.mitogen.core.concurrent;
