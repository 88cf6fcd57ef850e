// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.call.CallException;
import io.mitogen.core.call.ChannelException;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.ContextGoneException;
import io.mitogen.core.call.Receiver;
import io.mitogen.core.loop.Broker;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.ProcessLeakCheck;
import io.mitogen.unix.UnixClient;
import io.mitogen.unix.UnixConnectException;
import io.mitogen.unix.UnixListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Java programs join the tree of a master of Python Mitogen. */
@Timeout(120)
final class PythonListenerIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int MANY = 50;

    @TempDir
    private Path folder;

    /** What a test does with the master of a tree, whose child has this id and this process. */
    @FunctionalInterface
    private interface Story {
        void tell(Program master, Path path, int childId, long childPid) throws Exception;
    }

    private void inTree(Story story) throws Exception {
        LeakCheck leaks = LeakCheck.startAll();
        Path path = folder.resolve("p");
        try (Program master = Program.python("unix_master.py", path)) {
            String[] words = master.line().split(" ");
            assertEquals(master.pid(), Long.parseLong(words[2]));
            long childPid = Long.parseLong(words[1]);
            story.tell(master, path, Integer.parseInt(words[0]), childPid);
            ProcessLeakCheck.of(Set.of(childPid, master.pid())).check(LONG);
        }
        leaks.check(LONG);
    }

    private static void checkGone(CompletableFuture<?> call) {
        Throwable cause = assertThrows(ExecutionException.class, () -> call.get(LONG.toSeconds(), TimeUnit.SECONDS))
                .getCause();
        assertInstanceOf(ContextGoneException.class, cause);
    }

    @Test
    void shouldCallPythonContexts() throws Exception {
        inTree((master, path, childId, childPid) -> {
            try (UnixClient client = UnixClient.connect(path)) {
                Context web = client.context(childId, "web");
                assertEquals(master.pid(), client.listenerPid());
                assertEquals(childId + 1, client.id());
                assertEquals(childPid, ((Number) web.call("os", "getpid")).longValue());
                assertEquals("/a/b", web.call("posixpath", "join", "/a", "b"));
                CallException e = assertThrows(CallException.class, () -> web.call("os", "listdir", "/absent"));
                assertTrue(e.remoteType().endsWith("FileNotFoundError"), e.remoteType());
            }
            master.end();
            assertFalse(Files.exists(path));
        });
    }

    @Test
    void shouldBeToldWhatCannotBeCalled() throws Exception {
        inTree((master, path, childId, childPid) -> {
            try (UnixClient client = UnixClient.connect(path)) {
                assertTrue(assertThrows(ContextGoneException.class, () -> client.context(99)
                                .call("os", "getpid"))
                        .getMessage()
                        .endsWith("no route to 99, my ID is 0"));
                assertTrue(assertThrows(
                                ChannelException.class, () -> client.listener().call("os", "getpid"))
                        .getMessage()
                        .endsWith("invalid handle"));
            }
            master.end();
        });
    }

    @Test
    void shouldBeToldWhenAContextDiesInTheMiddleOfItsCall() throws Exception {
        inTree((master, path, childId, childPid) -> {
            try (UnixClient client = UnixClient.connect(path)) {
                Context web = client.context(childId, "web");
                checkGone(web.callAsync("os", "_exit", 1));
                web.gone().get(LONG.toSeconds(), TimeUnit.SECONDS);
                assertThrows(ContextGoneException.class, () -> web.call("os", "getpid"));
            }
            master.end();
        });
    }

    @Test
    void shouldFailWhatWaitsWhenTheMasterEndsInTheMiddleOfACall() throws Exception {
        inTree((master, path, childId, childPid) -> {
            try (UnixClient client = UnixClient.connect(path)) {
                CompletableFuture<Object> call = client.context(childId).callAsync("time", "sleep", 1_000);
                master.say("");
                checkGone(call);
            }
            master.end();
            assertFalse(Files.exists(path));
        });
    }

    @Test
    void shouldFailWhatWaitsWhenTheMasterIsKilledAndListenInItsPlace() throws Exception {
        inTree((master, path, childId, childPid) -> {
            CompletableFuture<String> gone = new CompletableFuture<>();
            try (UnixClient client = UnixClient.connect(path)) {
                client.onGone(gone::complete);
                CompletableFuture<Object> call = client.context(childId).callAsync("time", "sleep", 1_000);
                master.kill();
                checkGone(call);
                gone.get(LONG.toSeconds(), TimeUnit.SECONDS);
            }
            UnixConnectException e = assertThrows(UnixConnectException.class, () -> UnixClient.connect(path));
            assertEquals(UnixConnectException.Reason.REFUSED, e.reason());
            try (Broker broker = Mitogen.startBroker();
                    MasterRouter router = new MasterRouter(broker);
                    UnixListener listener = UnixListener.open(router, path);
                    UnixClient client = UnixClient.connect(listener.path())) {
                assertEquals(1, client.id());
            }
            assertFalse(Files.exists(path));
        });
    }

    @Test
    void shouldServeManyClientsAtOnceWhichSpeakWithEachOther() throws Exception {
        inTree((master, path, childId, childPid) -> {
            Broker broker = Mitogen.startBroker();
            List<UnixClient> clients = new ArrayList<>();
            List<CompletableFuture<Object>> calls = new ArrayList<>();
            Set<Integer> ids = new TreeSet<>();
            for (int i = 0; i < MANY; i++) {
                UnixClient client = UnixClient.connect(broker, path);
                clients.add(client);
                ids.add(client.id());
                calls.add(client.context(childId).callAsync("os", "getpid"));
            }
            assertEquals(MANY, ids.size());
            for (CompletableFuture<Object> call : calls) {
                assertEquals(childPid, ((Number) call.get(LONG.toSeconds(), TimeUnit.SECONDS)).longValue());
            }
            for (int i = 0; i < MANY; i++) {
                UnixClient next = clients.get((i + 1) % MANY);
                try (Receiver receiver = next.receiver()) {
                    clients.get(i).context(next.id()).send(receiver.handle(), "from " + i);
                    assertEquals("from " + i, receiver.get(LONG));
                }
            }
            broker.close(); // takes all of them along
            assertThrows(
                    ContextGoneException.class,
                    () -> clients.get(0).context(childId).call("os", "getpid"));
            master.end();
        });
    }
}
