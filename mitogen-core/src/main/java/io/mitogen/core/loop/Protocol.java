// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.BrokerThread;
import java.nio.ByteBuffer;

/** What the bytes of a stream mean. Replaceable in flight, see {@link Stream#protocol(Protocol)}. */
@BrokerThread
public interface Protocol {
    /** Bytes came. {@code bytes} is lent: keep no reference; what is left in it goes to the protocol that took over. */
    void onBytes(Stream stream, ByteBuffer bytes);

    /** The broker shuts down: end the conversation in order. The stream is closed by force when the grace is over. */
    void onShutdown(Stream stream);

    /** The stream is closed for {@code reason}; called once, last. */
    void onClosed(Stream stream, String reason);
}
