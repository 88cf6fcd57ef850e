// SPDX-License-Identifier: BSD-3-Clause
/**
 * Who gets a message: a handler here, another context, or nobody, and then the sender hears why.
 * May use {@code wire}, {@code loop}, {@code buffer} and {@code concurrent}.
 * Sending is for any thread; receiving, and every change of a route, belongs to the broker's turn.
 */
package io.mitogen.core.route;
