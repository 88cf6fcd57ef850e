// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import io.mitogen.testkit.conformance.cases.Case;
import io.mitogen.testkit.conformance.cases.NotApplicable;
import io.mitogen.testkit.conformance.cases.Stand;
import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Runs cases, one after the other. One thread. */
final class Runner {
    private final Stand stand;
    private final Kind kind;

    Runner(Stand stand, Kind kind) {
        this.stand = stand;
        this.kind = kind;
    }

    /** Runs all; {@code listener} hears of each as it is over. */
    List<Outcome> run(List<Case> cases, Consumer<Outcome> listener) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (Case each : cases) {
            Outcome outcome = run(each);
            listener.accept(outcome);
            outcomes.add(outcome);
        }
        return outcomes;
    }

    private Outcome run(Case test) throws IOException {
        long start = System.nanoTime();
        Verdict verdict;
        String expected = test.rule();
        String seen;
        try {
            seen = test.body().run(stand);
            verdict = Verdict.PASS;
        } catch (NotApplicable e) {
            verdict = Verdict.NOT_APPLICABLE;
            seen = e.getMessage();
        } catch (Deviation e) {
            Optional<Differences.Difference> known = Differences.find(kind, test.name(), e);
            verdict = known.isPresent() ? Verdict.DIFFERS : Verdict.FAIL;
            expected = e.expected();
            seen = e.seen() + known.map(each -> "; known: " + each.reason()).orElse("");
            stand.discard(); // whatever state it is in
        } catch (IOException | RuntimeException e) { // answers of a form that the case did not think of, for example
            verdict = Verdict.FAIL;
            seen = e.toString();
            stand.discard();
        }
        if (!stand.afterCase() && verdict == Verdict.PASS) {
            verdict = Verdict.FAIL;
            expected = "the other side still answers after this case";
            seen = "it does not; " + seen;
        }
        return new Outcome(test, verdict, expected, seen, System.nanoTime() - start);
    }
}
