// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The sets behind routing: what peers sent to, and who listens on which number. */
final class RouteTablesTest {
    private final Registration nobody = Registration.of((message, from) -> {});

    @Test
    void shouldRememberIdsAsASetWould() {
        EgressSet egress = new EgressSet();
        Set<Integer> model = new HashSet<>();
        Random random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            int id = i % 3 == 0 ? random.nextInt() : random.nextInt(3_000);
            if (id != -1) {
                egress.add(id);
                model.add(id);
            }
        }
        for (int id = -10_000; id < 10_000; id++) {
            assertEquals(model.contains(id), egress.contains(id), "id " + id);
        }
        for (int id : model) {
            assertTrue(egress.contains(id), "id " + id);
        }
    }

    @Test
    void shouldStandForEverybodyWhenAPeerSentToTooMany() {
        EgressSet egress = new EgressSet();
        for (int id = 0; id < 8 * 1024; id++) {
            egress.add(id << 16); // all of them collide
        }
        assertFalse(egress.contains(5));
        egress.add(77);
        assertTrue(egress.contains(5));
        assertTrue(egress.contains(-1));
    }

    @Test
    void shouldKeepTheIdThatNobodyHasOutOfTheSet() {
        EgressSet egress = new EgressSet();
        egress.add(-1);
        assertFalse(egress.contains(-1));
        assertFalse(egress.contains(0));
    }

    @Test
    void shouldNumberHandlersFrom1000AndUseNoNumberTwice() {
        HandlerTable handlers = new HandlerTable();
        assertEquals(1000, handlers.add(nobody));
        assertTrue(handlers.remove(1000));
        assertEquals(1001, handlers.add(nobody));
        assertNull(handlers.find(1000));
    }

    @Test
    void shouldNumberAroundWhatIsTakenWhenTheNumbersBeginAnew() {
        HandlerTable handlers = new HandlerTable(-2);
        handlers.add(nobody.on(1000));
        assertEquals(-2, handlers.add(nobody));
        assertEquals(-1, handlers.add(nobody));
        assertEquals(1001, handlers.add(nobody), "neither a reserved number nor the one in use");
        assertThrows(IllegalStateException.class, () -> handlers.add(nobody.on(1001)));
    }
}
