// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
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
        mitogen.setLevel(levelBefore);
    }

    @Test
    void shouldKnowTheLevelsOfTheVariable() {
        assertEquals(Level.INFO, new LogSetup(null).level());
        assertEquals(Level.INFO, new LogSetup(" ").level());
        assertEquals(Level.ALL, new LogSetup("io").level());
        assertEquals(Level.FINE, new LogSetup(" DEBUG ").level());
        assertEquals(Level.INFO, new LogSetup("Info").level());
        assertEquals(Level.WARNING, new LogSetup("WARNING").level());
        assertEquals(Level.SEVERE, new LogSetup("ERROR").level());
    }

    @Test
    void shouldRefuseABadLevelBeforeItTouchesAnything() {
        LogSetup setup = new LogSetup("FINE");
        String refusal = "MITOGEN_LOG_LEVEL is FINE, must be IO, DEBUG, INFO, WARNING or ERROR";

        assertEquals(
                refusal,
                assertThrows(IllegalArgumentException.class, () -> setup.toFile(one))
                        .getMessage());
        assertEquals(
                refusal,
                assertThrows(IllegalArgumentException.class, () -> new MasterLog(setup))
                        .getMessage());
        assertFalse(Files.exists(one));
        assertNull(setup.place());
    }

    @Test
    void shouldPrintAtOnePlaceAndForHandlersOfItsOwnLoggers() throws IOException {
        List<String> atHandler = new ArrayList<>();
        Handler ofProgram = new Handler() {
            @Override
            public void publish(LogRecord record) {
                atHandler.add(record.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        mitogen.addHandler(ofProgram);
        LogSetup setup = new LogSetup(null);
        MasterLog log = new MasterLog(setup);
        setup.toFile(one);
        log.log("mitogen", Log.INFO, "first");
        log.log("mitogen", Log.DEBUG, "below");
        setup.toFile(two);
        log.log("mitogen.router", Log.WARNING, "second");
        log.logOf("web1", "stdout", Log.INFO, "third");

        assertTrue(Files.readString(one).endsWith(" INFO    mitogen: first\n"), Files.readString(one));
        assertEquals(1, Files.readString(one).lines().count());
        String said = Files.readString(two);
        assertTrue(said.contains(" WARNING mitogen.router: second\n"), said);
        assertTrue(said.endsWith(" INFO    mitogen.ctx.web1 stdout: third\n"), said);
        assertEquals(List.of("first", "second", "third"), atHandler);
        assertEquals(handlersBefore.length + 1, mitogen.getHandlers().length);
        assertTrue(mitogen.getUseParentHandlers());
    }

    @Test
    void shouldGiveTheLevelOfTheVariableOnce() {
        mitogen.setLevel(null);
        LogSetup setup = new LogSetup("DEBUG");

        assertEquals(Log.DEBUG, new MasterLog(setup).threshold());

        mitogen.setLevel(Level.SEVERE);
        assertEquals(Log.ERROR, new MasterLog(setup).threshold());
    }
}
