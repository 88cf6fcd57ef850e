// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.call.CallException;
import io.mitogen.core.call.Context;
import io.mitogen.master.Mitogen;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a context loads from its first own class until it is ready, and what it must not need afterwards. Measured: 195 of 721
 * classes on JDK 17.
 */
class BootBudgetIT {
    private static final int MAX_CLASSES = 260;

    /** Each costs a leaf milliseconds; the core does without them until it is ready. */
    private static final List<String> EXPENSIVE = List.of(
            "sun.nio.ch.SelectorImpl",
            "sun.nio.ch.PipeImpl",
            "java.lang.invoke.InnerClassLambdaMetafactory",
            "java.util.regex.Pattern",
            "java.util.logging.",
            "java.util.Formatter",
            "java.util.stream.");

    /** A newer JVM would load them with a hundred others to make the system class loader, or to read a number. */
    private static final List<String> METHOD_HANDLES =
            List.of("java.lang.invoke.InvokerBytecodeGenerator", "java.lang.invoke.VarHandleByteArrayAs");

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

            List<String> all = Files.readAllLines(folder.resolve("classes"));

            List<String> loaded = all.subList(indexOf(all, "sun.launcher.LauncherHelper "), all.size());
            String figures = loaded.size() + " classes of its own accord, " + all.size() + " in all";
            System.out.println("a leaf that is ready has loaded " + figures);
            assertTrue(loaded.size() <= MAX_CLASSES, figures + ", limit " + MAX_CLASSES);
            assertEquals(List.of(), among(loaded, EXPENSIVE));
            assertEquals(List.of(), among(all, METHOD_HANDLES));
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

    private static int indexOf(List<String> loaded, String prefix) {
        for (int i = 0; i < loaded.size(); i++) {
            if (loaded.get(i).startsWith(prefix)) {
                return i;
            }
        }
        throw new AssertionError(prefix + "is not among the " + loaded.size() + " classes that were logged");
    }

    private static Local logged(Path file) {
        return Local.create().jvmOptions("-Xlog:class+load:file=" + file + ":none");
    }

    private static List<String> among(List<String> loaded, List<String> prefixes) {
        return loaded.stream()
                .filter(line -> prefixes.stream().anyMatch(line::startsWith))
                .toList();
    }
}
