// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import io.mitogen.testkit.conformance.cases.Case;
import io.mitogen.testkit.conformance.peer.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;

/**
 * What a run came to. Immutable.
 *
 * @param command the words of the command line
 * @param chosen the cases that were to be run
 * @param outcomes those of the cases that were run or skipped, in the same order
 * @param whyStopped why the others were not; null when there are none
 */
record Report(String command, Kind kind, List<Case> chosen, List<Outcome> outcomes, String whyStopped) {
    /** What Maven puts into the jar. */
    private static final String BUILT = "/META-INF/maven/io.mitogen/mitogen-testkit/pom.properties";

    /** Returns the kit's version and what was asked of it. */
    String head() {
        return "conformance kit " + version() + ": " + command;
    }

    static String version() {
        Properties built = new Properties();
        try (InputStream in = Report.class.getResourceAsStream(BUILT)) {
            if (in != null) {
                built.load(in);
            }
        } catch (IOException expected) { // told below
            built.clear();
        }
        return built.getProperty("version", "(not out of its jar)");
    }

    /** Returns the cases that were not reached. */
    List<Case> notRun() {
        return whyStopped == null ? List.of() : chosen.subList(outcomes.size(), chosen.size());
    }

    boolean isGood() {
        return whyStopped == null && outcomes.stream().noneMatch(each -> each.verdict() == Verdict.FAIL);
    }
}
