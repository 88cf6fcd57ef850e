// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PeerTurnsTest {
    private final PeerTurns<String> turns = new PeerTurns<>();
    private final List<String> begun = new ArrayList<>();

    private void enter(String attempt, String... peers) {
        turns.enter(attempt, Set.of(peers), () -> begun.add(attempt));
    }

    private void fill(String peer) {
        for (int i = 0; i < PeerTurns.AT_A_TIME; i++) {
            enter(peer + i, peer);
        }
        begun.clear();
    }

    @Test
    void shouldLetABoundedNumberComeToAPeerInTheirOrder() {
        fill("a");
        enter("x", "a");
        enter("y", "a");
        enter("other", "b");
        assertEquals(List.of("other"), begun);

        turns.leave("a0");
        turns.leave("a0");
        assertEquals(List.of("other", "x"), begun);
        turns.leave("x");
        assertEquals(List.of("other", "x", "y"), begun);
    }

    @Test
    void shouldNotStarveAnAttemptWithSeveralPeers() {
        fill("a");
        enter("both", "a", "b");
        enter("late", "b");
        assertEquals(List.of(), begun);

        turns.leave("a3");
        assertEquals(List.of("both", "late"), begun);
    }

    @Test
    void shouldForgetAnAttemptThatIsCancelledWhileItWaits() {
        fill("a");
        enter("x", "a");
        enter("y", "a");
        turns.leave("x");
        turns.leave("a1");
        assertEquals(List.of("y"), begun);
    }

    @Test
    void shouldLetThoseComeWhoWaitedForACancelledAttempt() {
        fill("a");
        enter("both", "a", "b");
        enter("late", "b");
        turns.leave("both");
        assertEquals(List.of("late"), begun);
    }

    @Test
    void shouldLetFewerComeToAPeerThatTurnsSomeAway() {
        fill("a");
        enter("x", "a");
        for (int i = 1; i < PeerTurns.AT_A_TIME; i++) {
            assertTrue(turns.turnAway("a" + i));
        }
        assertEquals(List.of(), begun, "one at a time");
        enter("a3", "a");

        turns.leave("a0");
        assertEquals(List.of("a3"), begun, "before those that were not turned away");
        assertFalse(turns.turnAway("a3"), "nobody else was there");
        assertEquals(List.of("a3", "x"), begun);
    }

    @Test
    void shouldForgetHowManyAPeerTakesWhenNobodyIsUnderWay() {
        enter("x", "a");
        enter("y", "a");
        turns.turnAway("y");
        turns.leave("x");
        turns.leave("y");
        begun.clear();
        enter("x", "a");
        enter("y", "a");
        assertEquals(List.of("x", "y"), begun);
    }
}
