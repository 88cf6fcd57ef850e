// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.unix;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.loop.Protocol;
import io.mitogen.core.loop.Stream;
import java.nio.ByteBuffer;

/** A client's first words: waits for them no longer than the listener does, and never blocks. */
@BrokerThread
final class ClientHello implements Protocol {
    /** What becomes of a client. */
    @BrokerThread
    interface Owner {
        /** The client has said its process id. */
        void onHello(Stream stream, int pid);

        /** The client left, or was closed, before that, and had said {@code bytes} bytes. */
        void onSilent(Stream stream, int bytes, String reason);
    }

    private final Owner owner;
    private final ByteBuffer hello = ByteBuffer.allocate(Welcome.HELLO_BYTES);

    ClientHello(Owner owner) {
        this.owner = owner;
    }

    @Override
    public void onBytes(Stream stream, ByteBuffer bytes) {
        while (hello.hasRemaining() && bytes.hasRemaining()) {
            hello.put(bytes.get());
        }
        if (!hello.hasRemaining()) {
            owner.onHello(stream, hello.getInt(0));
        }
    }

    /** Returns whether the hello is still incomplete. */
    boolean isWaiting() {
        return hello.hasRemaining();
    }

    @Override
    public void onShutdown(Stream stream) {
        stream.close("the broker shuts down");
    }

    @Override
    public void onClosed(Stream stream, String reason) {
        owner.onSilent(stream, hello.position(), reason);
    }
}
