// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimerQueueTest {
    private final TimerQueue timers = new TimerQueue();

    @Test
    void shouldKeepFewTimersWhenMostAreCancelledLongBeforeTheyAreDue() {
        List<Timer> kept = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            Timer timer = new Timer(1_000_000 - i, () -> {});
            timers.add(timer);
            if (i % 1000 == 0) {
                kept.add(0, timer);
            } else {
                timer.cancel();
            }
        }

        assertTrue(timers.size() <= 2 * kept.size() + 64, timers.size() + " timers");
        for (Timer each : kept) {
            assertSame(each, timers.pollDue(1_000_000));
        }
        assertNull(timers.pollDue(1_000_000));
        assertEquals(0, timers.size());
    }
}
