// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.bench.work.Effort;
import io.mitogen.bench.work.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OptionsTest {
    @Test
    void shouldRunEverythingInFullWhenNothingIsSaid() {
        Options options = Options.parse(List.of());

        assertEquals(Effort.FULL, options.effort());
        assertEquals(Catalogue.all().size(), Catalogue.choose(options.only()).size());
    }

    @Test
    void shouldRunOnlyWhatIsNamed() {
        Options options = Options.parse(List.of("--quick", "--only", "relay,call_rtt"));

        assertEquals(Effort.QUICK, options.effort());
        assertEquals(
                List.of("call_rtt", "relay"),
                Catalogue.choose(options.only()).stream().map(Workload::key).toList());
    }

    @Test
    void shouldSayWhichKeysThereAreWhenOneIsUnknown() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> Catalogue.choose(List.of("relay", "rtt")));

        assertTrue(e.getMessage().contains("rtt") && e.getMessage().contains("call_rtt_hops"), e.getMessage());
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() {
        assertThrows(IllegalArgumentException.class, () -> Options.parse(List.of("--fast")));
        assertThrows(IllegalArgumentException.class, () -> Options.parse(List.of("--only")));
    }
}
