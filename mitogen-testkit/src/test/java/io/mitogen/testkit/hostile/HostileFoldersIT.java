// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.core.load.ClassImage;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.wire.Handles;
import io.mitogen.master.ImportPolicy;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.master.RouterOptions;
import io.mitogen.testkit.log.RecordedLog;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A child that asks for the names of folders and of files that nobody meant for it, of a master and of a relay. */
@Timeout(90)
final class HostileFoldersIT {
    @TempDir
    Path folder;

    private RecordedLog log;
    private Broker broker;
    private MasterRouter router;
    private URLClassLoader program;

    @BeforeEach
    void start() throws IOException {
        for (String path : List.of(".env", ".ssh/id_rsa", "acme/data.txt", "acme/.netrc", "acme/denied/key.txt")) {
            Files.createDirectories(folder.resolve(path).getParent());
            Files.writeString(folder.resolve(path), "SECRET");
        }
        Files.createSymbolicLink(folder.resolve("acme/passwd"), Path.of("/etc/passwd"));
        log = new RecordedLog(Level.INFO);
        broker = Mitogen.startBroker();
        router = new MasterRouter(
                broker, RouterOptions.DEFAULT.withImports(new ImportPolicy(List.of("acme.denied"), List.of())));
        program = new URLClassLoader(new URL[] {folder.toUri().toURL()});
        router.classes().add(program);
    }

    @AfterEach
    void stop() throws Exception {
        router.close();
        broker.close();
        program.close();
        log.close();
    }

    private static ClassImage ask(HostileChild child, int parent, String path) throws IOException {
        child.send(parent, Handles.GET_MODULE, 0, path.getBytes(UTF_8));
        HostileChild.Received answer = child.read();
        assertEquals(Handles.LOAD_MODULE, answer.handle());
        return ClassImage.decode(answer.body());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldServeWhatTheRulesLetGoAndNothingElse(boolean belowRelay) throws Exception {
        Process fifo = new ProcessBuilder("mkfifo", folder.resolve("acme/fifo").toString()).start();
        assertEquals(0, fifo.waitFor());
        Context relay = belowRelay ? router.connect(Local.create().name("relay")) : null;
        int parent = belowRelay ? relay.id() : 0;
        try (HostileChild child = belowRelay
                ? new HostileChild(router, HostileChild.Dialect.JVM, relay)
                : new HostileChild(router, HostileChild.Dialect.JVM)) {
            child.boot();
            assertEquals(
                    "data.txt\n", new String(ask(child, parent, "acme").copies().get(0), UTF_8));
            assertEquals(
                    "data.txt\n",
                    new String(ask(child, parent, "acme/").copies().get(0), UTF_8));
            assertEquals(
                    "SECRET",
                    new String(ask(child, parent, "acme/data.txt").copies().get(0), UTF_8));
            for (String path : List.of(
                    "/",
                    "./",
                    "acme/..",
                    "acme/../.env",
                    "acme//data.txt",
                    "%2eenv/",
                    "acme%2fdata.txt/",
                    "acme\\data.txt/",
                    "ACME/data.txt",
                    ".ssh/id_rsa",
                    "acme/.netrc",
                    "acme/passwd",
                    "acme/fifo",
                    "acme/denied/key.txt",
                    "META-INF/versions/9/acme/denied/key.txt",
                    folder + "/.env")) {
                ClassImage image = ask(child, parent, path);
                assertTrue(image.isMissing(), path);
                assertTrue(!image.reason().isEmpty(), path);
            }
            assertTrue(ask(child, parent, "acme/denied/other.txt").reason().contains("by its rule \"acme.denied\""));
            for (int i = 0; i < 200; i++) {
                assertTrue(ask(child, parent, ".hidden/" + i).reason().contains("an allow rule of its ImportPolicy"));
            }
            log.await("the rule", record -> record.getMessage().contains("the master keeps hidden files"));
            assertEquals(
                    1,
                    log.all().stream()
                            .filter(record -> record.getMessage().contains("the master keeps hidden files"))
                            .count());
        }
    }
}
