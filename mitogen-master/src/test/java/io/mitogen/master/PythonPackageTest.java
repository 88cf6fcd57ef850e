// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.concurrent.Threads;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.testing.Eventually;
import io.mitogen.parent.BootRefusedException;
import io.mitogen.parent.PythonSupport;
import io.mitogen.python.PythonOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a master sends to Python contexts. */
final class PythonPackageTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    @Test
    void shouldLookForMitogenAgainUntilItIsThereAndNotAfterwards() throws IOException {
        RouterOptions options =
                RouterOptions.DEFAULT.withPython(PythonOptions.DEFAULT.withMitogenPackage(folder.resolve("mitogen")));
        try (Broker broker = Mitogen.startBroker();
                MasterRouter router = new MasterRouter(broker, options)) {
            BootRefusedException e = assertThrows(BootRefusedException.class, () -> runtime(router));
            assertTrue(e.getMessage().contains("the folder that PythonOptions names has none"), e.getMessage());

            Files.createDirectory(folder.resolve("mitogen"));
            Files.writeString(folder.resolve("mitogen/__init__.py"), "__version__ = (0, 3, 3)\n");
            Files.writeString(folder.resolve("mitogen/core.py"), "pass\n");
            assertEquals("(0, 3, 3)\npass\n", runtime(router));

            Files.delete(folder.resolve("mitogen/__init__.py"));
            assertEquals("(0, 3, 3)\npass\n", runtime(router));
        }
    }

    @Test
    void shouldShareTheFailureWithThoseThatWaitedForIt() throws Exception {
        Path init = folder.resolve("__init__.py"); // read twice, this would block the second time
        assertEquals(0, new ProcessBuilder("mkfifo", init.toString()).start().waitFor());
        RouterOptions options = RouterOptions.DEFAULT.withPython(PythonOptions.DEFAULT.withMitogenPackage(folder));
        try (Broker broker = Mitogen.startBroker();
                MasterRouter router = new MasterRouter(broker, options)) {
            FutureTask<Throwable> first = failure(router);
            FutureTask<Throwable> second = failure(router);
            Threads.daemon("first", first).start();
            try (OutputStream out = Files.newOutputStream(init)) { // waits until it is read
                Thread waiting = Threads.daemon("second", second);
                waiting.start();
                Eventually.until(LONG, "the second waits", () -> waiting.getState() == Thread.State.BLOCKED);
                out.write("no version".getBytes(StandardCharsets.UTF_8));
            }
            assertTrue(first.get(20, TimeUnit.SECONDS).getMessage().contains("it has no version"));
            assertSame(first.get(), second.get(20, TimeUnit.SECONDS));
        }
    }

    private static FutureTask<Throwable> failure(MasterRouter router) {
        return new FutureTask<>(() -> assertThrows(BootRefusedException.class, () -> runtime(router)));
    }

    private static String runtime(MasterRouter router) throws IOException {
        byte[] bytes = router.classes()
                .findResources(PythonSupport.RUNTIME, new FolderRules(ImportPolicy.ALLOW_ALL, path -> true))
                .get(0)
                .bytes();
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
