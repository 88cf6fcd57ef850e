// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.exception.NotFoundException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of things when the JVM ends, and how they are removed, without an engine. */
final class LitterTest {
    private final Litter litter = new Litter();
    private final List<String> removed = new ArrayList<>();

    @Test
    void shouldRemoveTheYoungestFirstAndTheOthersThoughOneFails() {
        litter.add(() -> removed.add("network"));
        litter.add(() -> {
            throw new IllegalStateException("no engine");
        });
        litter.add(() -> removed.add("host"));
        AutoCloseable closed = () -> removed.add("closed");
        litter.add(closed);
        litter.remove(closed);

        litter.sweep();
        litter.sweep();

        assertEquals(List.of("host", "network"), removed);
    }

    /** As when Ctrl-C comes while another thread starts a host. */
    @Test
    void shouldRemoveAtOnceWhatIsMadeWhileTheJvmEnds() {
        litter.sweep();

        assertThrows(IllegalStateException.class, () -> litter.add(() -> removed.add("host")));

        assertEquals(List.of("host"), removed);
    }

    @Test
    void shouldSpeakWithTheEngineUninterruptedWhenItRemoves() {
        Thread.currentThread().interrupt();

        Removal.run(() -> removed.add("interrupted: " + Thread.currentThread().isInterrupted()));

        assertTrue(Thread.interrupted());
        assertEquals(List.of("interrupted: false"), removed);
    }

    @Test
    void shouldNotCareWhetherItWasRemovedBefore() {
        Thread.currentThread().interrupt();

        Removal.run(() -> {
            throw new NotFoundException("no such container");
        });

        assertTrue(Thread.interrupted());
    }
}
