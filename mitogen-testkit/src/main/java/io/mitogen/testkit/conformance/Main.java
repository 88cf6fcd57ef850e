// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import io.mitogen.testkit.conformance.cases.Bench;
import io.mitogen.testkit.conformance.cases.Case;
import io.mitogen.testkit.conformance.peer.Target;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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
            return test(options, cases, out);
        } catch (Usage e) {
            err.println(e.getMessage());
            err.println(Usage.TEXT);
            return BAD_USAGE;
        } catch (IOException e) {
            err.println("conformance cannot run: " + e.getMessage());
            return BAD_USAGE;
        }
    }

    private static int test(Options options, List<Case> cases, PrintStream out) throws IOException, Usage {
        Target target = options.target();
        List<Outcome> outcomes;
        try (Bench bench = new Bench(target)) {
            outcomes = new Runner(bench, target.kind()).run(cases, outcome -> out.println(outcome.line()));
        }
        Map<Verdict, Long> counts =
                outcomes.stream().collect(Collectors.groupingBy(Outcome::verdict, Collectors.counting()));
        out.println(Arrays.stream(Verdict.values())
                .map(verdict -> counts.getOrDefault(verdict, 0L) + " " + verdict.text)
                .collect(Collectors.joining(", ")));
        if (options.junit() != null) {
            JUnitReport.write(options.junit(), target.kind(), outcomes);
        }
        return counts.containsKey(Verdict.FAIL) ? FAILED : 0;
    }
}
