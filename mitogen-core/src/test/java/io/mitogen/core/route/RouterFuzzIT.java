// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.fuzz.FrameMutator;
import io.mitogen.core.fuzz.Fuzz;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Frames that were good once, said to routers whose turns are driven here. */
final class RouterFuzzIT {
    @Test
    @Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldServeTheSiblingWhateverBecomesOfFrames() {
        Fuzz fuzz = Fuzz.start("router", 2); // the other half goes to a real master
        FrameTrial trial = new FrameTrial();
        FrameMutator mutator = new FrameMutator(fuzz.random(), FrameTrial.HOSTILE, FrameTrial.IDS);
        while (fuzz.goesOn()) {
            byte[] said = mutator.next();
            int piece = 1 + fuzz.random().nextInt(fuzz.random().nextBoolean() ? 30 : 10_000);
            try {
                trial.check(said, piece);
            } catch (RuntimeException | Error e) {
                throw fuzz.failure(FrameTrial.recorded(said, piece), e);
            }
        }
        System.out.println("router: " + fuzz.rounds() + " inputs, " + trial.hangUps() + " links ended");
        assertTrue(trial.hangUps() < fuzz.rounds(), "most mutants are frames"); // of two routers each
    }
}
