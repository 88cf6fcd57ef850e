// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import java.util.List;

/**
 * Which Python runs which Mitogen: 2.7, and 3.6 or later, but what came after a Mitogen lacks modules that it imports. After
 * Mitogen's own change log, entries 0.3.5, 0.3.13 and 0.3.29. Any thread.
 */
final class PythonVersions {
    private static final int NO_LIMIT = 9_999;
    private static final List<Step> STEPS = List.of(
            new Step(List.of(0, 3, 5), 311), new Step(List.of(0, 3, 13), 312), new Step(List.of(0, 3, 29), 313));

    private PythonVersions() {}

    /** A Mitogen before {@code since} runs on nothing newer than {@code newest}, a hundred times the major number and the minor. */
    private record Step(List<Integer> since, int newest) {}

    /** Returns the newest Python for a Mitogen, as 311 for 3.11; 9999 when none is known to be too new. */
    static int newestFor(PythonRuntime runtime) {
        for (Step step : STEPS) {
            if (!runtime.isAtLeast(step.since())) {
                return step.newest();
            }
        }
        return NO_LIMIT;
    }

    /** Returns the sentence for people. */
    static String describe(PythonRuntime runtime) {
        int newest = newestFor(runtime);
        return "Mitogen " + runtime.name() + " for Python, which the master has, runs on Python 2.7 and 3.6 "
                + (newest == NO_LIMIT ? "or later" : "to " + newest / 100 + "." + newest % 100);
    }
}
