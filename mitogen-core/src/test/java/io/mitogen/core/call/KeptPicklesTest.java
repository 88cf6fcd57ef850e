// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.mitogen.core.fuzz.Corpus;
import io.mitogen.core.testing.LinkedRouters;
import io.mitogen.core.testing.RecordingSink;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pickles that did harm once. */
class KeptPicklesTest {
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldReadOrRefuseWhatFailedOnce() {
        try (LinkedRouters tree = new LinkedRouters(new RecordingSink())) {
            PickleTrial trial = new PickleTrial(tree.master().contexts().globals());
            Map<String, byte[]> kept = Corpus.kept("pickles");
            assertFalse(kept.isEmpty());
            kept.forEach((name, pickle) -> {
                try {
                    trial.check(pickle);
                } catch (RuntimeException | Error e) {
                    throw new AssertionError(name + ": " + e, e);
                }
            });
        }
    }
}
