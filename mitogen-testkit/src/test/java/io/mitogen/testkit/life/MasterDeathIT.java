// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.life;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.core.testing.Eventually;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.TempFileLeakCheck;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left when a master ends, however it does: nothing. */
@Timeout(90)
final class MasterDeathIT {
    private static final int TREE_SIZE = 14; // two, four and eight
    private static final int MIXED_SIZE = 5;
    private static final int INTERRUPTS = 8;
    private static final int MAX_DELAY_MS = 700;
    private static final int SIGINT_STATUS = 130;

    private LeakCheck files;

    @BeforeEach
    void lookAround() {
        files = TempFileLeakCheck.start();
    }

    @AfterEach
    void shouldLeaveNoFiles() {
        files.check(Trees.SOON);
    }

    @Test
    void shouldEndTheTreeWhenTheMasterIsKilled() throws Exception {
        try (MasterProcess master = MasterProcess.start("tree")) {
            assertEquals(TREE_SIZE, master.line().split(" ").length);
            master.checkCount(1 + TREE_SIZE);

            Trees.signal("KILL", master.pid());

            master.checkNothingLeft();
        }
    }

    @Test
    void shouldEndAContextThatCanStartNoThreadForIt() throws Exception {
        try (MasterProcess master = MasterProcess.start("starved")) {
            assertEquals("starved", master.line());

            Trees.signal("KILL", master.pid());

            master.checkNothingLeft();
        }
    }

    @Test
    void shouldEndTheTreeWhenTheMasterIsInterrupted() throws Exception {
        try (MasterProcess master = MasterProcess.start("tree")) {
            master.line();

            Trees.signal("INT", -master.pid());

            assertEquals(SIGINT_STATUS, master.end());
            master.checkNothingLeft();
        }
    }

    @Test
    void shouldEndTheTreeWhenMasterAndAParentAreKilledTogether() throws Exception {
        try (MasterProcess master = MasterProcess.start("tree")) {
            long[] pids = Arrays.stream(master.line().split(" "))
                    .mapToLong(Long::parseLong)
                    .toArray();

            Trees.signal("KILL", pids[0]);
            Trees.signal("KILL", master.pid());

            master.checkNothingLeft();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "INT"})
    void shouldEndPythonContextsWithTheMaster(String signal) throws Exception {
        try (MasterProcess master = MasterProcess.start("mixed")) {
            assertEquals(MIXED_SIZE, master.line().split(" ").length);
            master.checkCount(1 + MIXED_SIZE);

            Trees.signal(signal, signal.equals("INT") ? -master.pid() : master.pid());

            master.checkNothingLeft();
        }
    }

    @Test
    void shouldEndPythonContextsWithTheJvmThatStartedThem() throws Exception {
        try (MasterProcess master = MasterProcess.start("mixed")) {
            String[] pids = master.line().split(" ");

            Trees.signal("KILL", Long.parseLong(pids[0]));

            for (String pid : List.of(pids[2], pids[4])) {
                Eventually.until(Trees.SOON, pid + " ends", () -> ProcessHandle.of(Long.parseLong(pid))
                        .isEmpty());
            }
            master.checkCount(1 + MIXED_SIZE - 3);
        }
    }

    @Test
    void shouldEndAStoppedLeafToo() throws Exception {
        try (MasterProcess master = MasterProcess.start("tree")) {
            String[] pids = master.line().split(" ");

            Trees.signal("STOP", Long.parseLong(pids[TREE_SIZE - 1]));
            Trees.signal("KILL", master.pid());

            master.checkNothingLeft();
        }
    }

    @Test
    void shouldEndEverythingWhenTheMasterForgetsToCloseItsBroker() throws Exception {
        try (MasterProcess master = MasterProcess.start("forget")) {
            assertEquals("forgot", master.line());
            assertEquals(0, master.end());
            master.checkNothingLeft();
        }
    }

    @Test
    void shouldLeaveNothingWhenInterruptedWhileContextsAreStarting() throws Exception {
        Random random = new Random(4_711);
        for (int round = 0; round < INTERRUPTS; round++) {
            try (MasterProcess master = MasterProcess.start("burst")) {
                master.line();
                LockSupport.parkNanos(random.nextInt(MAX_DELAY_MS) * 1_000_000L); // any moment will do

                Trees.signal(round % 2 == 0 ? "INT" : "KILL", round % 2 == 0 ? -master.pid() : master.pid());

                master.checkNothingLeft();
            }
        }
    }
}
