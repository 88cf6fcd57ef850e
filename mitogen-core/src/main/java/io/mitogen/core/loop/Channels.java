// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.Nullable;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;

/** Closes selectable channels for good. */
final class Channels {
    private Channels() {}

    /**
     * Closes a channel for the side that did {@code operation} with it, unless the other side of a socket still needs it. A
     * registered channel's descriptor is freed by the next select only, so the selector is woken for it.
     */
    static void close(SelectableChannel channel, @Nullable SelectionKey key, @Nullable Stream stream, int operation) {
        if (key != null && key.attachment() instanceof SharedKey && ((SharedKey) key.attachment()).keep(operation)) {
            return;
        }
        try {
            channel.close();
        } catch (IOException expected) {
            // a pipe's or socket's close has nothing to lose: unsent bytes were given up before
        }
        if (key != null && stream != null) {
            key.cancel();
            key.selector().wakeup();
        }
    }
}
