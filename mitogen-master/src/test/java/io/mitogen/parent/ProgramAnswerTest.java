// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.concurrent.Deadline;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgramAnswerTest {
    private static ProgramAnswer ask(String command, Duration patience) throws IOException, InterruptedException {
        return ProgramAnswer.of(new ProcessBuilder("/bin/sh", "-c", command), Deadline.after(patience), 1_000);
    }

    @Test
    void shouldReturnWhatAProgramPrintedAndHowItEnded() throws Exception {
        assertEquals(new ProgramAnswer(3, "one\ntwo\n"), ask("echo one; echo two; exit 3", Duration.ofMinutes(1)));
    }

    @Test
    void shouldKeepNoMoreThanItsLimitOfAnyOutput() throws Exception {
        ProgramAnswer answer = ask("head -c 1000000 /dev/zero | tr '\\0' x", Duration.ofMinutes(1));
        assertEquals(new ProgramAnswer(0, "x".repeat(1_000)), answer);
    }

    @Test
    void shouldNotWaitForWhoeverElseHoldsTheOutput() throws Exception {
        ProgramAnswer answer = ask("sleep 600 & echo $!", Duration.ofMinutes(1));
        ProcessHandle holder =
                ProcessHandle.of(Long.parseLong(answer.text().strip())).orElseThrow();
        assertTrue(holder.destroyForcibly());
    }

    @Test
    void shouldEndAProgramThatDoesNotAnswerInTime() {
        IOException e = assertThrows(IOException.class, () -> ask("exec sleep 600", Duration.ZERO));
        assertTrue(e.getMessage().contains("did not answer"), e.getMessage());
    }
}
