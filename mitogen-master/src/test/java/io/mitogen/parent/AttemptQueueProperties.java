// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The laws of the queue, for any order of what happens to attempts, which are numbers here. */
class AttemptQueueProperties {
    private final List<Integer> begun = new ArrayList<>();
    private final TreeSet<Integer> present = new TreeSet<>();
    private int running;

    /** Each step: 0 adds an attempt, 1 adds one that ends where it begins, more ends one that is there, begun or not. */
    @Property
    void shouldKeepTheBoundAndTheOrderAndForgetNobody(
            @ForAll @IntRange(min = 1, max = 4) int bound, @ForAll List<@IntRange(max = 9) Integer> steps) {
        List<Integer> shortLived = new ArrayList<>();
        begun.clear();
        present.clear();
        running = 0;
        AtomicReference<AttemptQueue<Integer>> made = new AtomicReference<>();
        AttemptQueue<Integer> queue = new AttemptQueue<>(bound, attempt -> {
            begun.add(attempt);
            running++;
            assertTrue(running <= bound, () -> running + " under way");
            if (shortLived.contains(attempt)) {
                end(made.get(), attempt);
            }
        });
        made.set(queue);
        int next = 0;
        for (int step : steps) {
            if (step <= 1) {
                int attempt = next++;
                present.add(attempt);
                if (step == 1) {
                    shortLived.add(attempt);
                }
                queue.enter(attempt);
            } else if (!present.isEmpty()) {
                end(queue, new ArrayList<>(present).get(step % present.size()));
            }
            assertEquals(Math.min(bound, present.size()), running, "as many as may be under way are");
        }
        while (!present.isEmpty()) {
            end(queue, present.last());
        }
        assertTrue(queue.isEmpty());
        assertEquals(begun.stream().sorted().distinct().toList(), begun, "each once, in the order of their coming");
    }

    private void end(AttemptQueue<Integer> queue, int attempt) {
        present.remove(attempt);
        if (begun.contains(attempt)) {
            running--;
        }
        queue.leave(attempt);
        queue.leave(attempt);
    }
}
