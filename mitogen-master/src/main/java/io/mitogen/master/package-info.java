// SPDX-License-Identifier: BSD-3-Clause
/**
 * The master's end of a tree of contexts: the router users hold, the classes it ships and the logs it receives. May use
 * the core and the parent packages. Its public methods may be called from any thread.
 */
package io.mitogen.master;
