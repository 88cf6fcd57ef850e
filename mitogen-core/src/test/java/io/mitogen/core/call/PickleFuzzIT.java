// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.fuzz.Corpus;
import io.mitogen.core.fuzz.Fuzz;
import io.mitogen.core.fuzz.PickleMutator;
import io.mitogen.core.testing.LinkedRouters;
import io.mitogen.core.testing.RecordingSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pickles that were good once, with parts changed, repeated and exchanged. */
final class PickleFuzzIT {
    @Test
    @Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldReadOrRefuseWhateverBecomesOfPickles() {
        try (LinkedRouters tree = new LinkedRouters(new RecordingSink())) {
            Fuzz fuzz = Fuzz.start("pickle");
            PickleTrial trial = new PickleTrial(tree.master().contexts().globals());
            PickleMutator mutator = new PickleMutator(fuzz.random(), Corpus.pickles());
            while (fuzz.goesOn()) {
                byte[] pickle = mutator.next();
                try {
                    trial.check(pickle);
                } catch (RuntimeException | Error e) {
                    throw fuzz.failure(pickle, e);
                }
            }
            System.out.println("pickle: " + fuzz.rounds() + " inputs, " + trial.values() + " values");
            assertTrue(trial.values() > fuzz.rounds() / 50, "most mutants are refused at once");
        }
    }
}
