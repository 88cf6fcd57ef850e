// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.unix;

import java.nio.ByteBuffer;

/**
 * What a listener answers to a client's hello. Immutable.
 *
 * <pre>
 * client to listener        listener to client
 * 0            4            0            4             8              12
 * +------------+            +------------+-------------+--------------+
 * | client pid |            | client id  | listener id | listener pid |   big endian, unsigned; then frames
 * +------------+            +------------+-------------+--------------+
 * </pre>
 *
 * <p>Source: {@code on_accept_client} and {@code _connect} of {@code mitogen/unix.py}. Each end of Python's reads its part with a
 * single {@code recv}, so each part is sent with a single write.
 *
 * @param clientId the id that the client has in the listener's tree
 * @param listenerId the listener's own id
 * @param listenerPid the process id of the listener, as it sees itself
 */
record Welcome(int clientId, int listenerId, int listenerPid) {
    static final int HELLO_BYTES = 4;
    static final int BYTES = 12;

    /** Largest process id that Linux gives, 2^22; those of other systems are smaller. */
    private static final int MAX_PID = 1 << 22;

    /** Returns what a client with this process id says first. */
    static byte[] hello(long pid) {
        return ByteBuffer.allocate(HELLO_BYTES).putInt((int) pid).array();
    }

    /** Reads what {@code bytes} has from its position on. */
    static Welcome of(ByteBuffer bytes) {
        return new Welcome(bytes.getInt(), bytes.getInt(), bytes.getInt());
    }

    byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .putInt(clientId)
                .putInt(listenerId)
                .putInt(listenerPid)
                .array();
    }

    /** Tells whether a listener of Mitogen can have said this: text, for one, cannot be it. */
    boolean isPlausible() {
        return clientId > 0 && listenerId >= 0 && clientId != listenerId && listenerPid > 0 && listenerPid <= MAX_PID;
    }
}
