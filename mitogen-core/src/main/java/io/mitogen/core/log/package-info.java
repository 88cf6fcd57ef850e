// SPDX-License-Identifier: BSD-3-Clause
/**
 * How what a child says comes home: the library's log, what is printed, and lines of other processes become FORWARD_LOG.
 * May use {@code route}, {@code wire} and {@code concurrent}.
 * Any thread may log; nothing here waits.
 */
package io.mitogen.core.log;
