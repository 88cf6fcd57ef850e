// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A master whose broker dies of a heap that is full to the last granule, and stays so until everybody has been told. */
@Timeout(180)
final class FullHeapIT {
    private static final List<String> SUMMARY = List.of("ended", "alive", "closed");
    private static final int WAITS = 13;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"0, 48", "1, 48", "4, 48", "16, 48", "0, 32", "0, 64"})
    void shouldTellEverybodyAndEndItsContextsWhenTheHeapIsFull(int leftKb, int heapMb) throws Exception {
        String hanging = new FakeJava(folder).running("exec sleep 1000");
        try (MasterProcess master = MasterProcess.running(
                FullHeapProgram.class, List.of("-Xmx" + heapMb + "m"), Integer.toString(leftKb), hanging)) {
            List<String> waits = new ArrayList<>();
            Map<String, String> summary = new HashMap<>();
            while (summary.size() < SUMMARY.size()) {
                String line = master.line();
                String key = line.split(" ", 2)[0];
                if (SUMMARY.contains(key)) {
                    summary.put(key, line.substring(key.length() + 1));
                } else if (!key.equals("pids")) {
                    waits.add(line);
                }
            }
            assertEquals(WAITS, waits.size(), waits::toString);
            for (String wait : waits) {
                assertFalse(wait.endsWith(" hangs") || wait.endsWith(" null"), waits::toString);
                assertTrue(
                        wait.contains("OutOfMemoryError") || wait.startsWith("connect ") && wait.contains("shut down"),
                        waits::toString);
            }
            assertEquals("true", summary.get("ended"), waits::toString);
            assertEquals("0", summary.get("alive"), waits::toString);
            master.checkNothingLeft();
        }
    }
}
