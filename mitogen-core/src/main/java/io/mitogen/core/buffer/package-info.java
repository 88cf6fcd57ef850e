// SPDX-License-Identifier: BSD-3-Clause
/**
 * Memory for bytes under way: pooled chunks and queues of them, so that a frame is copied at most once on its way through.
 * Uses nothing but the JDK.
 * A pool serves any thread; a queue belongs to whoever holds its owner's lock.
 */
package io.mitogen.core.buffer;
