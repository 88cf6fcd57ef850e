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

/** Runs cases, one after the other. One thread, but for {@link #cutOff}. */
final class Runner {
    private final Stand stand;
    private final Kind kind;
    private final Selection selection;
    private final boolean isVerbose;
    private final Thread thread = Thread.currentThread();
    private volatile boolean isCutOff;
    private String whyStopped; // null while cases are run

    Runner(Stand stand, Kind kind) {
        this(stand, kind, Selection.ALL, false);
    }

    /** @param isVerbose whether outcomes of cases that pass have evidence, too */
    Runner(Stand stand, Kind kind, Selection selection, boolean isVerbose) {
        this.isVerbose = isVerbose;
        this.stand = stand;
        this.kind = kind;
        this.selection = selection;
    }

    /** Runs all, or those up to where no more can be found out; {@code listener} hears of each as it is over. */
    List<Outcome> run(List<Case> cases, Consumer<Outcome> listener) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Case each : cases) {
            Outcome outcome = next(each);
            if (outcome == null) {
                break;
            }
            listener.accept(outcome);
            outcomes.add(outcome);
            whyStopped = stand.hopeless().orElse(null);
            if (whyStopped != null) {
                break;
            }
        }
        return outcomes;
    }

    /** Returns what the case found; null where the run ends instead. */
    private Outcome next(Case test) {
        Optional<String> skipped = selection.skipReason(test);
        if (skipped.isPresent()) {
            return Outcome.skipped(test, skipped.get());
        }
        Outcome outcome = null;
        try {
            outcome = selection.judged(run(test));
        } catch (IOException e) {
            whyStopped = "the kit cannot go on after " + test.name() + ": " + e;
        }
        if (isCutOff) {
            Thread.interrupted(); // what is still to be ended needs its waits
            whyStopped = "the run was ended by a signal";
            return null; // what this case saw is the end of its processes
        }
        return outcome;
    }

    /** Returns why the cases that are left were not run; null when none is left. */
    String whyStopped() {
        return whyStopped;
    }

    /** Ends all processes of the run, and with them its current case; no other follows. Any thread. */
    void cutOff() {
        isCutOff = true;
        stand.session().processes().killAll();
        thread.interrupt();
    }

    private Outcome run(Case test) throws IOException {
        long start = System.nanoTime();
        stand.session().transcript().begin();
        Verdict verdict;
        String expected = test.rule();
        String seen;
        List<String> evidence = List.of();
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
            evidence = evidence();
            stand.discard(); // whatever state it is in
        } catch (IOException | RuntimeException e) { // answers of a form that the case did not think of, for example
            verdict = Verdict.FAIL;
            seen = e.toString();
            evidence = evidence();
            stand.discard();
        }
        if (isVerbose && evidence.isEmpty()) {
            evidence = evidence();
        }
        if (!stand.afterCase() && verdict == Verdict.PASS) {
            verdict = Verdict.FAIL;
            expected = "the other side still answers after this case";
            seen = "it does not; " + seen;
            evidence = stand.session().transcript().lines();
        }
        return new Outcome(test, verdict, expected, seen, System.nanoTime() - start, evidence);
    }

    /** Returns what was said, and how the processes are: while they are still there. */
    private List<String> evidence() {
        List<String> lines = new ArrayList<>(stand.session().transcript().lines());
        lines.addAll(stand.session().processes().states());
        return lines;
    }
}
