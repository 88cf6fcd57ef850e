// SPDX-License-Identifier: BSD-3-Clause
/**
 * Frames: the 26-byte header, messages, well-known handles and dead messages, as Python Mitogen puts them on a link.
 * May use {@code buffer} and {@code pickle}.
 * Messages are immutable and serve any thread; readers and frames belong to the thread that reads their stream.
 */
package io.mitogen.core.wire;
