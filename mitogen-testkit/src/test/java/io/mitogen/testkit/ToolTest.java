// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real programs, and more input than a pipe takes. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ToolTest {
    private static final String LONG = "0123456789abcde\n".repeat(1 << 16);

    @Test
    void shouldLetAProgramPrintBeforeItHasReadEverything() throws IOException {
        LeakCheck leaks = LeakCheck.startAll();

        assertEquals(LONG.length(), HostShell.local().run("cat", LONG).length());

        leaks.check(Duration.ofSeconds(20));
    }

    @Test
    void shouldSayHowAProgramFailedThatReadNothing() {
        IOException e =
                assertThrows(IOException.class, () -> HostShell.local().run("echo no such thing >&2; exit 3", LONG));

        assertTrue(e.getMessage().endsWith("no such thing"), e::getMessage);
    }

    @Test
    void shouldSayWhatAProgramSaidInAnotherEncoding() {
        IOException e =
                assertThrows(IOException.class, () -> HostShell.local().run("printf 'caf\\351' >&2; exit 3", ""));

        assertTrue(e.getMessage().endsWith("caf\ufffd"), e::getMessage);
    }

    /** What is killed while a program runs leaves no file. */
    @Test
    void shouldHaveNoFileWhileAProgramRuns() throws IOException {
        String script = "i=0; until readlink /proc/$$/fd/2 | grep deleted; do "
                + "i=$((i + 1)); [ $i -lt 2000 ] || exit 1; sleep 0.01; done";

        assertTrue(HostShell.local().run(script, "").endsWith(" (deleted)\n"));
    }

    @Test
    void shouldCareForNoInputThatIsNotWanted() throws IOException {
        assertEquals("done\n", HostShell.local().run("exec <&-; echo done", LONG));
    }
}
