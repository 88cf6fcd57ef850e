// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Log;
import io.mitogen.core.Nullable;
import io.mitogen.core.call.Contexts;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.MessageHandler;
import io.mitogen.core.route.Registration;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;

/** Hands the log records of all contexts to the logger {@code mitogen.ctx.NAME}, with their own logger and level. Inside turns. */
final class LogReceiver implements MessageHandler {
    private final Contexts contexts;
    private final MasterLog log;

    LogReceiver(Contexts contexts, MasterLog log) {
        this.contexts = contexts;
        this.log = log;
        contexts.router().addHandler(Registration.of(this).on(Handles.FORWARD_LOG));
    }

    @Override
    public void onMessage(Message message, @Nullable Link from) {
        if (message.isDead()) {
            return;
        }
        String record = message.text();
        int nameEnd = record.indexOf('\0');
        int levelEnd = record.indexOf('\0', nameEnd + 1);
        try {
            int level = Integer.parseInt(record.substring(nameEnd + 1, levelEnd));
            receive(message.src(), record.substring(0, nameEnd), level, record.substring(levelEnd + 1));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            contexts.router().log().error("not a log record: " + message);
        }
    }

    /** Logs a record of {@code contextId}. */
    void receive(int contextId, String logger, int level, String text) {
        if (level >= Log.DEBUG || log.isEnabled(level)) {
            log.logOf(contexts.get(contextId, null).name(), logger, level, text);
        }
    }
}
