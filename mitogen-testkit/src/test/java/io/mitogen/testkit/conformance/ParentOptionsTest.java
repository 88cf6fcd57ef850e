// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.testkit.conformance.cases.Case;
import io.mitogen.testkit.conformance.cases.Role;
import io.mitogen.testkit.conformance.peer.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ParentOptionsTest {
    @Test
    void shouldLeaveTheWordsForAnInterpreterToNobody() throws Usage {
        Options options = Options.parse(
                List.of("--child", "--of", "python", "-c", "import codecs,os", "--only", "nothing", "/usr/bin"));

        assertEquals(Kind.PYTHON, options.kind());
        assertTrue(options.cases().size() > 40, options.cases()::toString);
    }

    @Test
    void shouldExcuseNobodyUnlessTold() throws Usage {
        assertEquals(Kind.OTHER, Options.parse(List.of("--child")).kind());
        assertEquals(Kind.OTHER, Options.parse(List.of("--unix", "/s")).kind());
        assertEquals(
                Kind.JVM, Options.parse(List.of("--unix", "/s", "--of", "jvm")).kind());
    }

    @Test
    void shouldEndALinkOnce() throws Usage {
        List<String> ends = Options.parse(List.of("--child", "--end", "oversize")).cases().stream()
                .filter(each -> each.role() == Role.PARENT_AT_END)
                .map(Case::name)
                .toList();

        assertEquals(List.of("parent.end.oversize"), ends);
    }

    @Test
    void shouldTestListenersWithTheirOwnCasesAlone() throws Usage {
        for (Case each : Options.parse(List.of("--unix", "/s")).cases()) {
            assertTrue(each.name().startsWith("unix."), each.name());
        }
    }

    @Test
    void shouldRefuseWhatCannotBeFollowed() throws Usage {
        assertRefused("there is no option -c without --child", "--unix", "/s", "-c", "program");
        assertRefused("--context needs the id of a context, not web", "--child", "--context", "web");
        assertRefused("--unix needs a value", "--unix");
        Options of = Options.parse(List.of("--child", "--of", "ruby"));
        assertEquals(
                "--of is python or jvm, not ruby",
                assertThrows(Usage.class, of::kind).getMessage());
        Options end = Options.parse(List.of("--child", "--end", "happily"));
        assertTrue(assertThrows(Usage.class, end::cases).getMessage().endsWith("not happily"));
    }

    private static void assertRefused(String message, String... words) {
        assertEquals(
                message,
                assertThrows(Usage.class, () -> Options.parse(List.of(words))).getMessage());
    }
}
