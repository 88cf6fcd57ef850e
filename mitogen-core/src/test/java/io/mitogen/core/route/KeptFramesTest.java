// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.mitogen.core.fuzz.Corpus;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Frames that did harm once, or might have. */
class KeptFramesTest {
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldServeTheSiblingWhenSaidWhatFailedOnce() {
        FrameTrial trial = new FrameTrial();
        Map<String, byte[]> kept = Corpus.kept("frames");
        assertFalse(kept.isEmpty());
        kept.forEach((name, input) -> {
            try {
                trial.checkRecorded(input);
            } catch (RuntimeException | Error e) {
                throw new AssertionError(name + ": " + e, e);
            }
        });
    }
}
