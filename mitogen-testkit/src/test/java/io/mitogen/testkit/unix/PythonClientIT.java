// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.Receiver;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.unix.UnixListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs of Python join the tree of a Java master. */
@Timeout(120)
final class PythonClientIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String SERVICES = Services.class.getName();

    @TempDir
    private Path folder;

    /** What a test does with a Python client in a tree with one JVM child. */
    @FunctionalInterface
    private interface Story {
        void tell(MasterRouter router, Context child, UnixListener listener, Program client) throws Exception;
    }

    private void inTree(Story story) throws Exception {
        LeakCheck leaks = LeakCheck.startAll();
        try (Broker broker = Mitogen.startBroker();
                MasterRouter router = new MasterRouter(broker)) {
            Context child = router.connect(Local.create().name("worker"));
            UnixListener listener = UnixListener.open(router, folder.resolve("s"));
            try (Program client = Program.python("unix_client.py", listener.path())) {
                assertEquals(child.id() + 1, Integer.parseInt(client.line()));
                story.tell(router, child, listener, client);
            }
        }
        assertFalse(Files.exists(folder.resolve("s")));
        leaks.check(LONG);
    }

    private static String words(String verb, int context, String function, String... arguments) {
        String more = arguments.length == 0 ? "" : ", " + String.join(", ", arguments);
        return "['" + verb + "', " + context + ", '" + SERVICES + "', '" + function + "'" + more + "]";
    }

    @Test
    void shouldCallJvmContexts() throws Exception {
        inTree((router, child, listener, client) -> {
            assertEquals(child.call(Services::pid).toString(), client.ask(words("call", child.id(), "pid")));
            assertEquals("'hello world'", client.ask(words("call", child.id(), "greet", "'world'")));
            assertEquals("{'a': 7}", client.ask(words("call", child.id(), "count", "'a'", "7")));
            assertEquals(
                    "CallError: java.lang.IllegalStateException: as ordered",
                    client.ask(words("call", child.id(), "fail", "'as ordered'")));
            client.end();
            Eventually.until(LONG, "it is forgotten", () -> router.router().routedIds().length == 1);
        });
    }

    @Test
    void shouldBeToldWhatCannotBeCalled() throws Exception {
        inTree((router, child, listener, client) -> {
            assertEquals("ChannelError: no route to 99, my ID is 0", client.ask(words("call", 99, "pid")));
            assertEquals("ChannelError: invalid handle", client.ask(words("call", 0, "pid")));
            assertTrue(client.ask("['call', " + child.id() + ", 'com.acme.Absent', 'run']")
                    .startsWith("CallError: "));
        });
    }

    @Test
    void shouldBeToldWhenAContextDiesInTheMiddleOfItsCall() throws Exception {
        inTree((router, child, listener, client) -> {
            String disconnected = "ChannelError: the respondent Context has disconnected";
            assertTrue(client.ask(words("call", child.id(), "halt")).startsWith(disconnected));
            String later = client.ask(words("call", child.id(), "pid"));
            if (later.equals(disconnected)) { // the news, which follows the answer, came during this call
                later = client.ask(words("call", child.id(), "pid"));
            }
            assertTrue(later.startsWith("ChannelError: no route to " + child.id() + ", my ID is 0: process "), later);
            assertTrue(later.contains(": exit status "), later);
        });
    }

    @Test
    void shouldBeCutOffWhenTheListenerIsClosedInTheMiddleOfACall() throws Exception {
        inTree((router, child, listener, client) -> {
            assertEquals("begun", client.ask(words("begin", child.id(), "greet", "'world'")));
            assertEquals("'hello world'", client.ask("['wait']"));
            assertEquals("begun", client.ask(words("begin", child.id(), "hang")));
            listener.close();
            assertEquals("gone", client.ask("['gone']"));
            assertEquals(1, router.router().routedIds().length);
        });
    }

    @Test
    void shouldBeForgottenWhenItIsKilledInTheMiddleOfACall() throws Exception {
        inTree((router, child, listener, client) -> {
            int id = child.id() + 1;
            try (Receiver receiver = router.receiver()) {
                assertEquals(
                        "begun",
                        client.ask(words("begin", child.id(), "tellAndHang", Integer.toString(receiver.handle()))));
                assertEquals("begun", receiver.get(LONG));
                client.kill();
            }
            Eventually.until(LONG, "it is forgotten", () -> router.router().route(id) == null);
            assertTrue(child.gone().getNow("").isEmpty(), "the context lives");
        });
    }
}
