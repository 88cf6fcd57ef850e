// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Log;
import io.mitogen.core.wire.MessageTap;

/**
 * Logs one line for each frame on the logger {@code mitogen.io}: the stream's name, {@code >>} out or {@code <<} in, and the
 * frame's header, as in {@code web1  >>  dst 3  src 0  CALL_FUNCTION  reply 1007  412 B}. Any thread.
 */
final class TapPrinter implements MessageTap {
    private static final String LOGGER = "mitogen.io";

    private final MasterLog log;

    TapPrinter(MasterLog log) {
        this.log = log;
    }

    @Override
    public void onReceived(String stream, Object frame) {
        log.log(LOGGER, Log.IO, stream + "  <<  " + frame);
    }

    @Override
    public void onSent(String stream, Object frame) {
        log.log(LOGGER, Log.IO, stream + "  >>  " + frame);
    }
}
