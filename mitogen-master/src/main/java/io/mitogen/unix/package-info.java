// SPDX-License-Identifier: BSD-3-Clause
/**
 * Programs that join the tree of another program over a unix socket, Java or Python on either end. May use the master and all below
 * it. Clients are accepted on a thread of their own for each listener, and then served by the broker; the handshake of a
 * {@code UnixClient} is done by the caller's thread.
 */
package io.mitogen.unix;
