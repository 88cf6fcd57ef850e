// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.life;

import static io.mitogen.testkit.life.Trees.SOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.TempFileLeakCheck;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A master that may have few descriptors, or few processes, and wants many contexts. */
@Timeout(120)
final class ShortageIT {
    private static final int ASKED = 14;
    private static final int STANDARD_STREAMS = 3;
    private static final long FIRST_UNUSED_ACCOUNT =
            1_000_000_000; // an account for each run: its limit is for all its processes

    /** What a master printed. */
    private record Outcome(List<String> failures, List<Reason> reasons, int up, int answering, int pipes) {
        static Outcome of(MasterProcess master) throws Exception {
            List<String> failures = new ArrayList<>();
            List<Reason> reasons = new ArrayList<>();
            Map<String, Integer> counts = new HashMap<>();
            while (counts.size() < 3) {
                String[] words = master.line().split(" ", 3); // the JVM may say something, too
                if (words[0].equals("failed")) {
                    reasons.add(Reason.valueOf(words[1]));
                    failures.add(words[2]);
                } else if (List.of("up", "answering", "pipes").contains(words[0])) {
                    counts.put(words[0], Integer.valueOf(words[1]));
                }
            }
            assertEquals(0, master.end(), failures::toString);
            return new Outcome(failures, reasons, counts.get("up"), counts.get("answering"), counts.get("pipes"));
        }
    }

    @Test
    void shouldSayHowManyDescriptorsWereNeededAndKeepWhatIsUp() throws Exception {
        List<String> limited = List.of("sh", "-c", "ulimit -n 50; exec \"$@\"", "sh");
        try (MasterProcess master = MasterProcess.wrapped(limited, "wide", Integer.toString(ASKED))) {
            Outcome outcome = Outcome.of(master);

            assertTrue(outcome.up() >= 3, outcome::toString);
            assertEquals(ASKED, outcome.up() + outcome.failures().size());
            assertTrue(outcome.answering() > 0, outcome::toString);
            assertTrue(outcome.pipes() <= 3 * (outcome.up() + 1) + STANDARD_STREAMS, outcome::toString);
            assertTrue(outcome.reasons().stream().allMatch(Reason.OUT_OF_DESCRIPTORS::equals), outcome::toString);
            for (String message : outcome.failures()) {
                assertTrue(message.contains("50 are allowed"), message);
                assertTrue(
                        message.matches(".* \\d+ contexts are up here and " + (ASKED + 1) + " were asked for.*"),
                        message);
                assertTrue(message.contains("ulimit -n"), message);
                assertTrue(message.contains("; path: "), message);
            }
            master.checkNothingLeft();
        }
    }

    @Test
    void shouldSayThatProcessesHaveRunOutAndKeepWhatIsUp() throws Exception {
        boolean root = System.getProperty("user.name").equals("root"); // whom no such limit binds
        long others = root ? 0 : threadsOf(ProcessHandle.current().info().user().orElseThrow());
        List<String> limited = new ArrayList<>();
        if (root) {
            String nobody =
                    Long.toString(FIRST_UNUSED_ACCOUNT + ProcessHandle.current().pid());
            limited.addAll(List.of("setpriv", "--reuid=" + nobody, "--regid=" + nobody, "--clear-groups"));
        }
        limited.addAll(List.of("prlimit", "--nproc=" + (others + 100)));
        LeakCheck files = TempFileLeakCheck.start();
        try (MasterProcess master = MasterProcess.wrapped(limited, "wide", Integer.toString(ASKED))) {
            Outcome outcome = Outcome.of(master);

            assertEquals(ASKED, outcome.up() + outcome.failures().size());
            assertTrue(outcome.answering() > 0, outcome::toString);
            assertTrue(outcome.reasons().contains(Reason.OUT_OF_PROCESSES), outcome::toString);
            for (int i = 0; i < outcome.reasons().size(); i++) {
                if (outcome.reasons().get(i) == Reason.OUT_OF_PROCESSES) {
                    assertTrue(
                            outcome.failures().get(i).contains("ulimit -u"),
                            outcome.failures().get(i));
                }
            }
            master.checkNothingLeft();
        }
        files.check(SOON);
    }

    /** Returns how many threads the processes of {@code user} have. */
    private static long threadsOf(String user) throws Exception {
        Process ps = new ProcessBuilder("ps", "-L", "-u", user, "-o", "lwp=").start();
        return ps.inputReader().lines().count();
    }
}
