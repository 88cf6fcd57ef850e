// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.testkit.conformance.cases.Bench;
import io.mitogen.testkit.conformance.cases.Case;
import io.mitogen.testkit.conformance.cases.Catalogue;
import io.mitogen.testkit.conformance.cases.Role;
import io.mitogen.testkit.conformance.peer.Call;
import io.mitogen.testkit.conformance.peer.CommandTarget;
import io.mitogen.testkit.conformance.peer.Dialect;
import io.mitogen.testkit.conformance.peer.Kind;
import io.mitogen.testkit.conformance.peer.NeutralDialect;
import io.mitogen.testkit.conformance.peer.PythonDialect;
import io.mitogen.testkit.conformance.peer.Session;
import io.mitogen.testkit.conformance.reference.MiniTarget;
import io.mitogen.testkit.conformance.reference.Mutation;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A kit that passes everything proves nothing: each thing that the small implementation does wrong is found, and named rightly. */
@Timeout(120)
final class BrokenImplementationIT {
    /** How long a case waits for what never comes; what does come is there in milliseconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private static final Map<Mutation, Set<String>> FOUND_BY = new TreeMap<>(Map.ofEntries(
            Map.entry(Mutation.NONE, Set.of()),
            Map.entry(Mutation.EARLY_MARKER, Set.of("boot.silence")),
            Map.entry(Mutation.WRONG_AUTH, Set.of("frames.header-fields")),
            Map.entry(Mutation.WRONG_SRC, Set.of("frames.header-fields", "boot.identity")),
            Map.entry(Mutation.SIGNED_HANDLES, Set.of("handles.unknown")),
            Map.entry(Mutation.HALF_MAGIC, Set.of("frames.bad-magic")),
            Map.entry(Mutation.LIMIT_EXCLUSIVE, Set.of("frames.largest-body")),
            Map.entry(Mutation.LIMIT_LATE, Set.of("frames.oversize", "relay.too-large")),
            Map.entry(
                    Mutation.WRONG_DEAD_TEXT,
                    Set.of("dead.no-route", "routes.deleted", "routes.child-lost", "relay.back-to-parent")),
            Map.entry(Mutation.ANSWERS_DEAD, Set.of("dead.unanswered", "dead.at-handles")),
            Map.entry(Mutation.CALLS_GLOBAL, Set.of("pickles.globals")),
            Map.entry(Mutation.NO_SHUTDOWN_POLICY, Set.of("handles.shutdown", "source.authority")),
            Map.entry(Mutation.FORGETFUL_CHAINS, Set.of("chains.failure-remembered", "chains.failure-not-logged")),
            Map.entry(Mutation.LOGS_TO_PARENT, Set.of("logs.form")),
            Map.entry(Mutation.ASKS_AGAIN, Set.of("modules.missing-remembered")),
            Map.entry(Mutation.EXIT_STATUS, Set.of("end.exit-status")),
            Map.entry(
                    Mutation.IGNORES_DIRECTION,
                    Set.of("direction.siblings", "direction.silent", "direction.back-to-child")),
            Map.entry(Mutation.TRUSTS_SRC, Set.of("source.forged")),
            Map.entry(Mutation.TRUSTS_AUTH, Set.of("source.forged", "source.from-above")),
            Map.entry(Mutation.KEEPS_ROUTE_LOSS_TO_ITSELF, Set.of("routes.told-down", "routes.deleted-above")),
            Map.entry(Mutation.RELATED_LAST, Set.of("forward.related")),
            Map.entry(Mutation.FORWARDS_TWICE, Set.of("forward.once", "forward.merged")),
            Map.entry(Mutation.ANY_RESPONDENT, Set.of("forward.wrong-respondent")),
            Map.entry(Mutation.SIDE_BY_SIDE, Set.of("calls.one-at-a-time")),
            Map.entry(Mutation.NEVER_BACK, Set.of("relay.back-to-child", "direction.back-to-child")),
            Map.entry(Mutation.BACK_TO_PARENT, Set.of("relay.back-to-parent", "routes.deleted", "routes.child-lost")),
            Map.entry(Mutation.NAMED_ROUTES_ONLY, Set.of("routes.no-name")),
            Map.entry(Mutation.RELATED_TWICE, Set.of("forward.related-once")),
            Map.entry(Mutation.LEAVES_WAITING, Set.of("dead.respondent-gone", "routes.respondent-gone")),
            Map.entry(Mutation.NO_NAMES, Set.of("calls.named-arguments")),
            Map.entry(Mutation.ANSWERS_AUTHORITY, Set.of("handles.call-function")),
            Map.entry(Mutation.ENDS_WHEN_TOLD_OF_AN_END, Set.of("dead.at-handles")),
            Map.entry(Mutation.LEAVES_CHILDREN, Set.of("relay.child-ended"))));

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LEAVES_CHILDREN")
    void shouldFindWhatIsBrokenAndNothingElseWhenOneRuleIsBroken(Mutation mutation) throws IOException {
        List<Outcome> outcomes = run(mutation);
        Set<String> failed = outcomes.stream()
                .filter(each -> each.verdict() == Verdict.FAIL)
                .map(each -> each.test().name())
                .collect(Collectors.toCollection(TreeSet::new));
        String lines = outcomes.stream()
                .filter(each -> each.verdict() == Verdict.FAIL)
                .map(Outcome::line)
                .collect(Collectors.joining("\n"));
        assertEquals(new TreeSet<>(FOUND_BY.get(mutation)), failed, lines);
    }

    /** Only processes can be left running. */
    @Test
    void shouldFindThatProcessesOfChildrenAreLeftWhenTheyAre() throws IOException {
        for (Mutation mutation : List.of(Mutation.NONE, Mutation.LEAVES_CHILDREN)) {
            Session session = Session.of(PATIENCE);
            String command = KitCommand.mini(mutation.name());
            try (Bench bench = new Bench(new CommandTarget(command, new PythonDialect(), session))) {
                List<Case> one = Catalogue.all().stream()
                        .filter(each -> each.name().equals("relay.child-ended"))
                        .toList();
                Outcome outcome =
                        new Runner(bench, Kind.OTHER).run(one, each -> {}).get(0);
                assertEquals(mutation == Mutation.NONE ? Verdict.PASS : Verdict.FAIL, outcome.verdict(), outcome::line);
            }
        }
    }

    @Test
    void shouldFailNothingWhenTheFunctionsAreNeutral() throws IOException {
        List<Outcome> outcomes = run(Mutation.NONE, new NeutralDialect());
        assertEquals(
                List.of(),
                outcomes.stream()
                        .filter(each -> each.verdict() == Verdict.FAIL)
                        .map(Outcome::line)
                        .toList());
    }

    /** Functions that only the kit needs may be left out. */
    @Test
    void shouldNotApplyCasesWhoseFunctionsAreNotThere() throws IOException {
        Dialect lacking = new NeutralDialect() {
            @Override
            public Call waitFor(int id) {
                return missingFunction();
            }

            @Override
            public Call detach() {
                return missingFunction();
            }
        };
        Set<String> notApplicable = run(Mutation.NONE, lacking).stream()
                .filter(each -> each.verdict() != Verdict.PASS)
                .map(each -> each.verdict().text + " " + each.test().name())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(
                new TreeSet<>(Set.of(
                        "not-applicable dead.respondent-gone",
                        "not-applicable routes.respondent-gone",
                        "not-applicable end.detach",
                        "not-applicable relay.child-ended",
                        "not-applicable services.no-tuple",
                        "not-applicable services.no-method",
                        "not-applicable services.file")),
                notApplicable);
    }

    @Test
    void shouldExcuseNothingWhenTheImplementationIsUnknown() throws IOException {
        assertEquals(
                List.of(),
                run(Mutation.EXIT_STATUS).stream()
                        .filter(each -> each.verdict() == Verdict.DIFFERS)
                        .toList());
    }

    private static List<Outcome> run(Mutation mutation) throws IOException {
        return run(mutation, new PythonDialect());
    }

    private static List<Outcome> run(Mutation mutation, Dialect dialect) throws IOException {
        List<Case> cases = Arrays.stream(Role.values())
                .flatMap(role -> Catalogue.all().stream().filter(each -> each.role() == role))
                .filter(each -> each.role() == Role.CHILD || each.role() == Role.RELAY)
                .toList();
        try (Bench bench = new Bench(new MiniTarget(mutation, dialect, Session.of(PATIENCE)))) {
            return new Runner(bench, Kind.OTHER).run(cases, outcome -> {});
        }
    }
}
