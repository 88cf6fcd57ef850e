// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Log;
import io.mitogen.core.wire.MessageTap;

/** Logs one line for each frame, {@code >>} out and {@code <<} in, on the logger {@code mitogen.io}. Any thread. */
final class TapPrinter implements MessageTap {
    private final MasterLog log;

    TapPrinter(MasterLog log) {
        this.log = log;
    }

    @Override
    public void onReceived(String stream, Object frame) {
        log.log("mitogen.io", Log.IO, stream + "  <<  " + frame);
    }

    @Override
    public void onSent(String stream, Object frame) {
        log.log("mitogen.io", Log.IO, stream + "  >>  " + frame);
    }
}
