// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.call.CallException;
import io.mitogen.core.call.Context;
import io.mitogen.master.Mitogen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a context loads before it is ready, and what it must not need afterwards. Measured on JDK 17: 721 classes. */
class BootBudgetIT {
    private static final int MAX_CLASSES = 800;

    /** Each costs a leaf milliseconds; the core does without them until it is ready. */
    private static final List<String> EXPENSIVE = List.of(
            "sun.nio.ch.SelectorImpl",
            "sun.nio.ch.PipeImpl",
            "java.lang.invoke.InnerClassLambdaMetafactory",
            "java.lang.invoke.StringConcatFactory",
            "java.util.regex.Pattern",
            "java.util.logging.",
            "java.util.Formatter",
            "java.util.stream.");

    /** Parts of the core that are fetched by contexts that call others or start some. */
    private static final List<String> REST = List.of(
            "io.mitogen.core.boot.FirstStage source: __",
            "io.mitogen.core.call.Receiver",
            "io.mitogen.core.call.Remote",
            "io.mitogen.core.loop.SelectorPoller");

    /** Runs in the leaf. */
    static final class Leaf {
        private Leaf() {}

        static String echo(String text) {
            System.out.println(text);
            return text;
        }

        static int fail() {
            throw new IllegalStateException("as ordered");
        }
    }

    @Test
    void shouldBeReadyWithFewClassesAndNoneOfTheExpensiveOnes(@TempDir Path folder) throws Exception {
        Mitogen.run(router -> {
            Context leaf = router.connect(logged(folder.resolve("classes")));

            List<String> loaded = Files.readAllLines(folder.resolve("classes"));

            System.out.println("a leaf that is ready has loaded " + loaded.size() + " classes");
            assertTrue(loaded.size() > 300, "only " + loaded.size() + " classes were logged");
            assertTrue(loaded.size() <= MAX_CLASSES, loaded.size() + " classes, limit " + MAX_CLASSES);
            assertEquals(List.of(), among(loaded, EXPENSIVE));
            leaf.shutdown();
        });
    }

    @Test
    void shouldServeCallsAndEndWithoutTheRestOfTheCore(@TempDir Path folder) throws Exception {
        Mitogen.run(router -> {
            Context leaf = router.connect(logged(folder.resolve("classes")));

            assertEquals("x", leaf.call(Leaf::echo, "x"));
            assertEquals("y", leaf.call(Leaf.class.getName(), "echo", "y"));
            assertThrows(CallException.class, () -> leaf.call(Leaf::fail));
            leaf.shutdown();
            leaf.gone().get(25, TimeUnit.SECONDS);

            assertEquals(List.of(), among(Files.readAllLines(folder.resolve("classes")), REST));
        });
    }

    private static Local logged(Path file) {
        return Local.create().jvmOptions("-Xlog:class+load:file=" + file + ":none");
    }

    private static List<String> among(List<String> loaded, List<String> prefixes) throws IOException {
        return loaded.stream()
                .filter(line -> prefixes.stream().anyMatch(line::startsWith))
                .toList();
    }
}
