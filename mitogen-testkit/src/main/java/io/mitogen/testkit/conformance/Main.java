// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import io.mitogen.testkit.conformance.cases.Case;
import io.mitogen.testkit.conformance.cases.Catalogue;
import io.mitogen.testkit.conformance.cases.Guide;
import io.mitogen.testkit.conformance.cases.ParentStand;
import io.mitogen.testkit.conformance.cases.Stand;
import io.mitogen.testkit.conformance.cases.Vectors;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

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
            if (isHelp(words)) {
                out.println(Usage.TEXT);
                return 0;
            }
            if (words.isEmpty() || !words.get(0).equals("conformance")) {
                throw new Usage("the first word is conformance");
            }
            Options options = Options.parse(words.subList(1, words.size()));
            if (options.isInformation()) {
                tell(options, out);
                return 0;
            }
            List<Case> cases = options.cases();
            String command = String.join(" ", words);
            return options.isChild() ? testParent(options, command, cases, err) : test(options, command, cases, out);
        } catch (Usage e) {
            err.println(Outcome.flat(e.getMessage()));
            err.println(Usage.TEXT);
            return BAD_USAGE;
        } catch (IOException e) {
            err.println("conformance cannot run: " + Outcome.flat(String.valueOf(e.getMessage())));
            return BAD_USAGE;
        }
    }

    /** Words behind {@code -c} are for the interpreter whose place the kit has taken. */
    private static boolean isHelp(List<String> words) {
        int program = words.indexOf("-c");
        return words.subList(0, program < 0 ? words.size() : program).stream()
                .anyMatch(word -> word.equals("--help") || word.equals("-h"));
    }

    private static void tell(Options options, PrintStream out) throws Usage, IOException {
        if (options.vectors() != null) {
            Vectors.writeTo(options.vectors()).forEach(out::println);
        } else if (options.explained() != null) {
            explain(options.explained(), out);
        } else {
            options.cases()
                    .forEach(each -> out.printf(
                            "%-34s  %-6s %-5s  %s%n",
                            each.name(), each.guide().level(), each.guide().section(), each.rule()));
        }
    }

    private static void explain(String name, PrintStream out) throws Usage {
        Case test = Catalogue.all().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Usage("there is no case " + name + "; --list shows all"));
        Guide guide = test.guide();
        out.println(name + " (" + guide.level() + ")");
        out.println("rule:    " + test.rule());
        out.println("where:   docs/protocol.md, section " + guide.section());
        out.println("why:     " + guide.reason());
        out.println("mistake: " + guide.mistake());
    }

    private static Consumer<Outcome> printer(Options options, PrintStream out) {
        return outcome -> {
            out.println(outcome.line());
            if (options.isVerbose() || outcome.verdict() == Verdict.FAIL) {
                outcome.details().forEach(out::println);
            }
        };
    }

    private static int test(Options options, String command, List<Case> cases, PrintStream out)
            throws IOException, Usage {
        Stand stand = options.stand();
        Runner runner = new Runner(stand, options.kind(), options.selection(), options.isVerbose());
        CutOff cutOff = new CutOff(runner);
        try {
            List<Outcome> outcomes;
            try (stand) {
                outcomes = runner.run(cases, printer(options, out));
            }
            return report(options, new Report(command, options.kind(), cases, outcomes, runner.whyStopped()), out);
        } finally {
            cutOff.end();
        }
    }

    private static int testParent(Options options, String command, List<Case> cases, PrintStream err)
            throws IOException, Usage {
        try (PrintStream report = options.report(err);
                ParentStand stand = options.below()) {
            Runner runner = new Runner(stand, options.kind(), options.selection(), options.isVerbose());
            ChildRun run = new ChildRun(stand, runner, Runtime.getRuntime()::halt);
            List<Outcome> outcomes = run.run(cases, printer(options, report));
            Report whole = new Report(command, options.kind(), cases, outcomes, runner.whyStopped());
            return run.end(report(options, whole, report));
        }
    }

    private static int report(Options options, Report report, PrintStream out) throws IOException {
        out.println(report.head());
        if (report.whyStopped() != null) {
            out.println(report.notRun().size() + " cases were not run: " + report.whyStopped());
        }
        out.println(Outcome.summary(report.outcomes()));
        if (options.junit() != null) {
            JUnitReport.write(options.junit(), report);
        }
        if (options.json() != null) {
            JsonReport.write(options.json(), report);
        }
        return report.isGood() ? 0 : FAILED;
    }
}
