// SPDX-License-Identifier: BSD-3-Clause
/**
 * Turns a bare JVM into a context: from the first class it runs to a router that serves calls. May use every other
 * package of the core; nothing may use this one, and {@code FirstStage}, {@code CoreLoader} and the rest do not know each other. Lives on
 * the child's main thread.
 */
package io.mitogen.core.boot;
