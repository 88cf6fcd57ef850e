// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import io.mitogen.testkit.conformance.cases.Case;
import io.mitogen.testkit.conformance.cases.ParentStand;
import io.mitogen.testkit.conformance.cases.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * The kit as the child of what it tests. Its parent has the last word about its process: some send a TERM as soon as they have closed the link, when
 * the last case is not yet over. Then the end waits for it, and the exit status is that of the cases. Thread of the program.
 */
final class ChildRun {
    /** A parent that sends a TERM sends a KILL about a second later: until then cases go on, and then a report is written. */
    private static final long GRACE_MS = 650;

    private static final long WRITE_MS = 250;

    private final ParentStand stand;
    private final Runner runner;
    private final IntConsumer exit;
    private final CompletableFuture<Integer> status = new CompletableFuture<>();

    /** @param exit ends the process at once, from within its shutdown */
    ChildRun(ParentStand stand, Runner runner, IntConsumer exit) {
        this.stand = stand;
        this.exit = exit;
        this.runner = runner;
    }

    /** Runs those that leave the link as it is, tells the parent how they went, then the one that ends it. */
    List<Outcome> run(List<Case> cases, Consumer<Outcome> listener) {
        Thread hook = new Thread(this::awaitStatus, "conformance end");
        Runtime.getRuntime().addShutdownHook(hook);
        List<Case> last =
                cases.stream().filter(each -> each.role() == Role.PARENT_AT_END).toList();
        List<Case> others =
                cases.stream().filter(each -> each.role() == Role.PARENT).toList();
        List<Outcome> outcomes = new ArrayList<>(runner.run(others, listener));
        boolean isGood = outcomes.stream().noneMatch(outcome -> outcome.verdict() == Verdict.FAIL);
        stand.tell(isGood, Outcome.summary(outcomes));
        if (runner.whyStopped() != null) {
            return outcomes;
        }
        outcomes.addAll(runner.run(last, listener));
        if (last.isEmpty()) {
            stand.serve();
        }
        return outcomes;
    }

    /** Lets the process end with this status, whoever ends it; returns it. */
    int end(int newStatus) {
        status.complete(newStatus);
        return newStatus;
    }

    private void awaitStatus() {
        if (!maybeExit(GRACE_MS)) {
            runner.cutOff();
            maybeExit(WRITE_MS);
        }
    }

    private boolean maybeExit(long limitMs) {
        try {
            exit.accept(status.get(limitMs, TimeUnit.MILLISECONDS));
            return true;
        } catch (TimeoutException | ExecutionException | InterruptedException expected) {
            return false; // in the middle of the cases
        }
    }
}
