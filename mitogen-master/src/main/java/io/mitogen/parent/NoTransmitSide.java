// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.buffer.Writable;
import io.mitogen.core.loop.Stream;
import io.mitogen.core.loop.TransmitSide;

/** For streams that only receive. */
enum NoTransmitSide implements TransmitSide {
    INSTANCE;

    @Override
    public void start(Stream stream) {}

    @Override
    public boolean send(Writable item) {
        return false;
    }

    @Override
    public void flush() {}

    @Override
    public long queuedBytes() {
        return 0;
    }

    @Override
    public void close() {}
}
