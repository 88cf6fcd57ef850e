// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps the bytes and the steps of a stream. Written inside turns, read by any thread. */
class RecordingProtocol implements Protocol {
    final List<String> steps = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream(); // synchronizes itself

    @Override
    public void onBytes(Stream stream, ByteBuffer bytes) {
        stream.broker().checkInTurn();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        received.writeBytes(copy);
    }

    @Override
    public void onShutdown(Stream stream) {
        steps.add("shutdown");
    }

    @Override
    public void onClosed(Stream stream, String reason) {
        stream.broker().checkInTurn();
        steps.add("closed: " + reason);
    }

    int count() {
        return received.size();
    }

    byte[] bytes() {
        return received.toByteArray();
    }
}
