// SPDX-License-Identifier: BSD-3-Clause
/**
 * Programs that join the tree of another program over a unix socket, Java or Python on either end. May use the master and all below
 * it. Sockets are waited for by a broker, handshakes of clients by the caller's thread.
 */
package io.mitogen.unix;
