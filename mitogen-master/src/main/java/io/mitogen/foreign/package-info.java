// SPDX-License-Identifier: BSD-3-Clause
/**
 * A JVM that is a context below a parent of another implementation, Python Mitogen: what stands between that parent and the
 * core, which knows nothing of it. May use the core, {@code parent} and {@code master}; nothing may use this. Lives on the process's main thread and on two of its own, never on a broker's.
 */
package io.mitogen.foreign;
