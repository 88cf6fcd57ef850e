// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.ContextGoneException;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.testkit.DescriptorLeakCheck;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.ProcessLeakCheck;
import io.mitogen.unix.UnixClient;
import io.mitogen.unix.UnixConnectException;
import io.mitogen.unix.UnixListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Java programs join the tree of a Java program in another process, which ends in various ways. */
@Timeout(120)
final class JavaListenerIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int MANY = 50;
    private static final int NOBODY = 65_534;

    @TempDir
    private Path folder;

    /** How the listening program ends. */
    @FunctionalInterface
    private interface End {
        void of(Program master) throws Exception;
    }

    /** Calls a function that never ends, ends the listening program, and checks what both ends see. */
    private void endInTheMiddleOfACall(End end, boolean leavesItsSocket) throws Exception {
        LeakCheck leaks = LeakCheck.startAll();
        Path path = folder.resolve("j");
        try (Program master = Program.java(ListeningProgram.class, "listen", path.toString())) {
            String[] words = master.line().split(" ");
            long childPid = Long.parseLong(words[1]);
            try (UnixClient client = UnixClient.connect(path)) {
                Context web = client.context(Integer.parseInt(words[0]), "web");
                assertEquals(childPid, web.call(Services::pid));
                CompletableFuture<Void> call = web.callAsync(Services::hang);
                end.of(master);
                Throwable cause = assertThrows(
                                ExecutionException.class, () -> call.get(LONG.toSeconds(), TimeUnit.SECONDS))
                        .getCause();
                assertInstanceOf(ContextGoneException.class, cause);
                client.listener().gone().get(LONG.toSeconds(), TimeUnit.SECONDS);
            }
            ProcessLeakCheck.of(Set.of(childPid, master.pid())).check(LONG);
        }
        assertEquals(leavesItsSocket, Files.exists(path));
        if (leavesItsSocket) {
            assertEquals(
                    UnixConnectException.Reason.REFUSED,
                    assertThrows(UnixConnectException.class, () -> UnixClient.connect(path))
                            .reason());
            try (Program next = Program.java(ListeningProgram.class, "listen", path.toString())) {
                next.line();
                try (UnixClient client = UnixClient.connect(path)) {
                    assertEquals(2, client.id());
                }
                next.end();
            }
            assertFalse(Files.exists(path));
        }
        leaks.check(LONG);
    }

    @Test
    void shouldDeleteItsSocketWhenTheListeningProgramEndsInOrder() throws Exception {
        endInTheMiddleOfACall(Program::end, false);
    }

    @Test
    void shouldDeleteItsSocketWhenTheListeningProgramIsTerminated() throws Exception {
        endInTheMiddleOfACall(Program::terminate, false);
    }

    @Test
    void shouldReplaceTheSocketOfAListeningProgramThatWasKilled() throws Exception {
        endInTheMiddleOfACall(Program::kill, true);
    }

    @Test
    void shouldServeManyClientsAtOnceAndKeepNothingOfThem() throws Exception {
        LeakCheck all = LeakCheck.startAll();
        try (Broker broker = Mitogen.startBroker();
                MasterRouter router = new MasterRouter(broker);
                UnixListener listener = UnixListener.open(router)) {
            Context child = router.connect(Local.create());
            child.call(Services::pid);
            LeakCheck descriptors = DescriptorLeakCheck.start();
            List<UnixClient> clients = new ArrayList<>();
            List<CompletableFuture<String>> calls = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                UnixClient client =
                        i % 2 == 0 ? UnixClient.connect(listener.path()) : UnixClient.connect(broker, listener.path());
                clients.add(client);
                calls.add(client.context(child.id()).callAsync(Services::greet, "client " + i));
            }
            for (int i = 0; i < MANY; i++) {
                assertEquals("hello client " + i, calls.get(i).get(LONG.toSeconds(), TimeUnit.SECONDS));
            }
            assertEquals(MANY + 1, router.router().routedIds().length);
            clients.forEach(UnixClient::close);
            Eventually.until(LONG, "all are forgotten", () -> router.router().routedIds().length == 1);
            descriptors.check(LONG);
        }
        all.check(LONG);
    }

    @Test
    void shouldLetNobodyElseIn() throws Exception {
        LeakCheck leaks = LeakCheck.startAll();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Broker broker = Mitogen.startBroker();
                MasterRouter router = new MasterRouter(broker);
                UnixListener listener = UnixListener.open(router, folder.resolve("s"))) {
            String said = joinAsSomebodyElse(listener.path());
            assertTrue(said.startsWith("PERMISSION_DENIED cannot join the listener at " + listener.path()), said);
        }
        leaks.check(LONG);
    }

    /** Where this user may do everything, another one must try; else, a socket without any rights is one of another user. */
    private String joinAsSomebodyElse(Path path) throws Exception {
        if (!System.getProperty("user.name").equals("root")) {
            Files.setPosixFilePermissions(path, Set.of());
            UnixConnectException e = assertThrows(UnixConnectException.class, () -> UnixClient.connect(path));
            return e.reason() + " " + e.getMessage();
        }
        Path classes = Files.createDirectory(folder.resolve("classes"));
        for (Class<?> type : List.of(ListeningProgram.class, MasterRouter.class, Broker.class)) {
            copy(Program.placeOf(type), classes);
        }
        return Program.printedBy(List.of(
                "setpriv",
                "--reuid=" + NOBODY,
                "--regid=" + NOBODY,
                "--clear-groups",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classes + "/*:" + classes,
                ListeningProgram.class.getName(),
                "join",
                path.toString()));
    }

    /** Copies a folder of classes, or a jar, so that another user can read it. */
    private static void copy(Path from, Path to) throws IOException {
        if (Files.isRegularFile(from)) {
            Files.copy(from, to.resolve(from.getFileName()));
            return;
        }
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                if (!Files.exists(copy)) { // module-info
                    Files.copy(file, copy);
                }
            }
        }
    }
}
