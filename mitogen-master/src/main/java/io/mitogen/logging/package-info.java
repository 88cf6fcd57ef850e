// SPDX-License-Identifier: BSD-3-Clause
/**
 * Logging of {@code java.util.logging}, and of {@code System.Logger} through it, in contexts and in the master.
 * May use {@code core.log} and the root of the core; shipped to a child when its code first uses the JDK's logging.
 * Any thread.
 */
package io.mitogen.logging;
