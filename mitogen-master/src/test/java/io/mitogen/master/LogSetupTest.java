// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.logging.JulLevels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.MemoryHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogSetupTest {
    private final Logger mitogen = Logger.getLogger("mitogen");
    private final Level levelBefore = mitogen.getLevel();
    private final Handler[] handlersBefore = mitogen.getHandlers();
    private Path one;
    private Path two;

    @BeforeEach
    void name(@TempDir Path folder) {
        one = folder.resolve("one");
        two = folder.resolve("two");
    }

    @AfterEach
    void restore() {
        for (Handler handler : mitogen.getHandlers()) {
            if (!Arrays.asList(handlersBefore).contains(handler)) {
                mitogen.removeHandler(handler);
                handler.close();
            }
        }
        mitogen.setUseParentHandlers(true);
        mitogen.setLevel(levelBefore);
    }

    @Test
    void shouldKnowTheLevelsOfTheVariable() {
        assertEquals(Level.INFO, LogSetup.level(null));
        assertEquals(Level.INFO, LogSetup.level(" "));
        assertEquals(JulLevels.IO, LogSetup.level("io"));
        assertEquals(Level.FINE, LogSetup.level(" DEBUG "));
        assertEquals(Level.INFO, LogSetup.level("Info"));
        assertEquals(Level.WARNING, LogSetup.level("WARNING"));
        assertEquals(Level.SEVERE, LogSetup.level("ERROR"));
    }

    @Test
    void shouldRefuseABadLevelBeforeItTouchesAnything() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> LogSetup.toFile(one, "FINE"));

        assertEquals("MITOGEN_LOG_LEVEL is FINE, must be IO, DEBUG, INFO, WARNING or ERROR", e.getMessage());
        assertFalse(Files.exists(one));
        assertEquals(handlersBefore.length, mitogen.getHandlers().length);
    }

    @Test
    void shouldReplaceItsOwnHandlerAndNoOther() throws IOException {
        Handler ofProgram = new MemoryHandler(new java.util.logging.ConsoleHandler(), 1, Level.OFF);
        mitogen.addHandler(ofProgram);
        LogSetup.toFile(one, null);
        mitogen.info("first");
        LogSetup.toFile(two, "WARNING");
        mitogen.info("below");
        mitogen.warning("second");

        assertTrue(Files.readString(one).endsWith(" INFO    mitogen: first\n"), Files.readString(one));
        assertTrue(Files.readString(two).endsWith(" WARNING mitogen: second\n"), Files.readString(two));
        assertFalse(Files.readString(two).contains("below"));
        assertTrue(Arrays.asList(mitogen.getHandlers()).contains(ofProgram));
        assertEquals(handlersBefore.length + 2, mitogen.getHandlers().length);
    }
}
