// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.call.CallException;
import io.mitogen.core.call.Context;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.Secret;
import io.mitogen.master.Mitogen;
import io.mitogen.master.RouterOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls under routers with options of their own. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CallOptionsIT {
    @Test
    void shouldKeepSiblingsApartEverywhereWhenUnidirectional() throws Exception {
        Mitogen.run(RouterOptions.DEFAULT.withUnidirectional(true), router -> {
            Context one = router.local();
            Context other = router.connect(Local.create());
            CallException refused = assertThrows(CallException.class, () -> one.call(Functions::callOther, other));
            assertTrue(
                    refused.remoteMessage()
                            .endsWith("routing mode prevents forward of message from context " + one.id()
                                    + " to context " + other.id() + " via context 0"),
                    refused.remoteMessage());
            String below = one.call(Functions::letChildrenTalk);
            assertTrue(below.contains("routing mode prevents forward of message"), below);
            assertTrue(below.contains("via context " + one.id()), below);
            assertEquals(0, other.call(Functions::sum0));
        });
        Mitogen.run(router -> {
            String below = router.local().call(Functions::letChildrenTalk);
            assertTrue(below.contains("refused by policy"), below);
        });
    }

    @Test
    void shouldNeverPrintASecret() throws Exception {
        Logger logger = Logger.getLogger("mitogen");
        Level before = logger.getLevel();
        boolean parents = logger.getUseParentHandlers();
        Records records = new Records();
        logger.setUseParentHandlers(false);
        logger.setLevel(Level.ALL);
        logger.addHandler(records);
        try {
            Mitogen.run(router -> {
                Context child = router.local();
                Secret secret = Secret.of("hunter2");
                assertEquals("hunter2!", child.call(Functions::secret, secret).reveal());
                assertEquals(
                        Map.of("given", 1), child.call(Functions::kwargs, Kwargs.copyOf(Map.of("password", secret))));
                String own = Functions.class.getName();
                CallException failed =
                        assertThrows(CallException.class, () -> child.call(own, "over", Map.of("x", secret)));
                assertFalse(failed.toString().contains("hunter2"), failed::toString);
                child.callNoReply(own, "sum", secret);
                child.call(Functions::sum0);
            });
        } finally {
            logger.removeHandler(records);
            logger.setLevel(before);
            logger.setUseParentHandlers(parents);
        }
        assertTrue(records.texts.stream().anyMatch(text -> text.contains("CALL_FUNCTION")), "no wire log");
        for (String text : records.texts) {
            assertFalse(text.contains("hunter2"), text);
        }
    }

    /** Keeps the texts of all records. */
    private static final class Records extends Handler {
        private final List<String> texts = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord record) {
            texts.add(record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
