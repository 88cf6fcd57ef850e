// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.BrokerThread;
import java.io.IOException;

/** Where the bytes of a stream come from: a selectable channel, or a thread that blocks in {@code read}. */
public interface ReceiveSide {
    /** Begins to deliver to {@link Stream#onBytes} and, once, {@link Stream#onEnd} or {@link Stream#onFailure}. */
    @BrokerThread
    void start(Stream stream) throws IOException;

    /** Delivers nothing more and frees the source. Closing again does nothing. */
    @BrokerThread
    void close();
}
