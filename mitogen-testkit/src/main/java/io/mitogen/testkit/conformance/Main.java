// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import io.mitogen.testkit.conformance.cases.Case;
import io.mitogen.testkit.conformance.cases.ParentStand;
import io.mitogen.testkit.conformance.cases.Stand;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;

/** The command line of the testkit: {@code conformance}, and nothing else yet. */
public final class Main {
    private static final int FAILED = 1;
    private static final int BAD_USAGE = 2;

    private Main() {}

    public static void main(String[] words) {
        System.exit(run(Arrays.asList(words), System.out, System.err));
    }

    /** Does what the command line says and returns the exit status. */
    static int run(List<String> words, PrintStream out, PrintStream err) {
        try {
            if (words.isEmpty() || !words.get(0).equals("conformance")) {
                throw new Usage("the first word is conformance");
            }
            Options options = Options.parse(words.subList(1, words.size()));
            List<Case> cases = options.cases();
            if (options.isList()) {
                cases.forEach(each -> out.printf("%-34s  %s%n", each.name(), each.rule()));
                return 0;
            }
            return options.isChild() ? testParent(options, cases, err) : test(options, cases, out);
        } catch (Usage e) {
            err.println(Outcome.flat(e.getMessage()));
            err.println(Usage.TEXT);
            return BAD_USAGE;
        } catch (IOException e) {
            err.println("conformance cannot run: " + Outcome.flat(String.valueOf(e.getMessage())));
            return BAD_USAGE;
        }
    }

    private static int test(Options options, List<Case> cases, PrintStream out) throws IOException, Usage {
        List<Outcome> outcomes;
        try (Stand stand = options.stand()) {
            outcomes = new Runner(stand, options.kind()).run(cases, outcome -> out.println(outcome.line()));
        }
        return report(options, outcomes, out);
    }

    private static int testParent(Options options, List<Case> cases, PrintStream err) throws IOException, Usage {
        try (PrintStream report = options.report(err);
                ParentStand stand = options.below()) {
            ChildRun run = new ChildRun(stand, options.kind(), Runtime.getRuntime()::halt);
            List<Outcome> outcomes = run.run(cases, outcome -> report.println(outcome.line()));
            return run.end(report(options, outcomes, report));
        }
    }

    private static int report(Options options, List<Outcome> outcomes, PrintStream out) throws IOException, Usage {
        out.println(Outcome.summary(outcomes));
        if (options.junit() != null) {
            JUnitReport.write(options.junit(), options.kind(), outcomes);
        }
        return outcomes.stream().anyMatch(outcome -> outcome.verdict() == Verdict.FAIL) ? FAILED : 0;
    }
}
