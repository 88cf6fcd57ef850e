// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.suite;

import io.mitogen.bench.work.Effort;
import java.nio.file.Path;
import java.util.List;

/**
 * What the command line says. Immutable.
 *
 * @param effort how much is done for a figure
 * @param only keys of the workloads to run; empty for all
 * @param python the interpreter that has Python Mitogen
 * @param out folder that gets all that is written
 * @param docs folder that gets the page, too; empty for none
 * @param revision what was built, for the report; empty if unknown
 */
record Options(Effort effort, List<String> only, String python, Path out, String docs, String revision) {
    static final String USAGE = "usage: bin/bench [--quick] [--only KEY[,KEY...]]";

    /** @throws IllegalArgumentException when the command line cannot be understood; says why */
    static Options parse(List<String> args) {
        Effort effort = Effort.FULL;
        List<String> only = List.of();
        String python = "/usr/bin/python3";
        Path out = Path.of("target", "bench");
        String docs = "";
        String revision = "";
        for (int i = 0; i < args.size(); i++) {
            switch (args.get(i)) {
                case "--quick" -> effort = Effort.QUICK;
                case "--smoke" -> effort = Effort.SMOKE;
                case "--only" -> only = List.of(value(args, ++i).split(","));
                case "--python" -> python = value(args, ++i);
                case "--out" -> out = Path.of(value(args, ++i));
                case "--docs" -> docs = value(args, ++i);
                case "--revision" -> revision = value(args, ++i);
                default -> throw new IllegalArgumentException("unknown: " + args.get(i) + "\n" + USAGE);
            }
        }
        return new Options(effort, only, python, out, docs, revision);
    }

    private static String value(List<String> args, int at) {
        if (at == args.size()) {
            throw new IllegalArgumentException("a value is missing after " + args.get(at - 1) + "\n" + USAGE);
        }
        return args.get(at);
    }
}
