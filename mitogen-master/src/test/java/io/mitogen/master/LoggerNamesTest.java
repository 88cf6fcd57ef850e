// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LoggerNamesTest {
    @Test
    void shouldNameLoggersAfterSomeContextsAndTellTheNamesOfTheOthersInTheText() {
        Set<String> loggers = new HashSet<>();
        for (int i = 0; i < 3 * LoggerNames.MAX_NAMES; i++) {
            loggers.add(LoggerNames.admit("mitogen.ctx.names." + i));
        }
        assertEquals(LoggerNames.MAX_NAMES + 1, loggers.size());

        assertEquals(ContextLoggers.ROOT, LoggerNames.admit("mitogen.ctx.web1"));
        assertEquals(
                "web1 com.acme.App: ", LoggerNames.prefix("mitogen.ctx.web1", ContextLoggers.ROOT, "com.acme.App"));
        assertEquals("com.acme.App: ", LoggerNames.prefix("mitogen.ctx.web1", "mitogen.ctx.web1", "com.acme.App"));
    }
}
