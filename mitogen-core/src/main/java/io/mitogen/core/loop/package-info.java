// SPDX-License-Identifier: BSD-3-Clause
/**
 * The broker: one thread that waits for bytes and timers, and the streams that it serves.
 * May use {@code buffer} and {@code concurrent}.
 * All state belongs to the turn of the broker; only {@code defer}, {@code send} and what says so may be called by any thread.
 */
package io.mitogen.core.loop;
