// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.PythonFunction;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.pickle.Globals;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.core.wire.Handles;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.master.RouterOptions;
import io.mitogen.testkit.log.RecordedLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a child that begins as a Python interpreter can do to a JVM context that started it, and to those around. */
@Timeout(90)
final class HostileBelowIT {
    private RecordedLog log;
    private Broker broker;
    private MasterRouter router;
    private Context relay;
    private Context sibling;
    private HostileChild hostile;
    private Context target;

    @BeforeEach
    void start() throws Exception {
        log = new RecordedLog(Level.INFO);
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker, RouterOptions.DEFAULT.withMaxMessageBytes(4 << 20));
        relay = router.connect(Local.create().name("relay").jvmOptions("-Xmx96m"));
        sibling = router.connect(Local.create().python().name("sibling").via(relay));
        hostile = new HostileChild(router, HostileChild.Dialect.PYTHON, relay);
        target = hostile.boot();
    }

    @AfterEach
    void stop() throws Exception {
        hostile.close();
        router.close();
        broker.close();
        log.close();
    }

    private void assertUnharmed() {
        assertEquals("well", relay.call(HostileContract.Honest::say, "well"));
        assertEquals("well", sibling.call(PythonFunction.of("mixed_acts", "echo"), "well"));
    }

    /** Waits until everything that was sent before has been handled: the relay answers in order. */
    private void awaitHandled() throws IOException {
        hostile.awaitHandled(relay.id());
    }

    @Test
    void shouldTakeNothingFromBelowThatParentsSay() throws Exception {
        byte[] body = PickleWriter.toBytes(Tuple.of("mitogen.parent", null, "evil", new byte[] {1}, List.of()));
        assertRefused("refused by policy", Handles.CALL_FUNCTION, body);
        assertRefused("refused by policy", Handles.SHUTDOWN, body);
        assertRefused("refused by policy", Handles.LOAD_MODULE, body);
        assertRefused("refused by policy", Handles.FORWARD_MODULE, body);
        assertRefused("invalid handle", Handles.LOAD_RESOURCE, body);
        assertRefused("invalid handle", Handles.CALL_SERVICE, body);
        hostile.send(
                relay.id(), Handles.DEL_ROUTE, 0, Integer.toString(sibling.id()).getBytes(UTF_8));
        hostile.send(relay.id(), Handles.ADD_ROUTE, 0, (sibling.id() + ":mine").getBytes(UTF_8));
        hostile.send(relay.id(), Handles.DETACHING, 9002, new byte[0]);
        hostile.send(relay.id(), Handles.DETACHING, 9003, new byte[0]);
        awaitHandled();
        assertUnharmed();
    }

    private void assertRefused(String reason, int handle, byte[] body) throws IOException {
        hostile.send(relay.id(), handle, 0, body);
        hostile.send(relay.id(), handle, 9001, body);
        assertEquals(reason, hostile.read().text(), Handles.name(handle));
    }

    @Test
    void shouldAnswerEveryRequestHoweverOdd() throws Exception {
        for (String name : Attacks.MODULES) {
            hostile.send(0, Handles.GET_MODULE, 0, name.getBytes(UTF_8)); // past the relay, which gets the answer
            hostile.send(relay.id(), Handles.GET_MODULE, 0, name.getBytes(UTF_8));
            HostileChild.Received answer = hostile.read();
            assertEquals(Handles.LOAD_MODULE, answer.handle());
            Tuple fields = (Tuple) PickleReader.fromBytes(answer.body(), Globals.STANDARD);
            assertEquals(name, fields.get(0));
            assertEquals(null, fields.get(3), "it was served " + name);
        }
        hostile.send(relay.id(), Handles.GET_MODULE, 0, new byte[1 << 20]);
        for (byte[] body : Attacks.pickles(Path.of("/nowhere"))) {
            hostile.send(relay.id(), Handles.GET_RESOURCE, 0, body);
        }
        for (byte[] body : Attacks.deepPickles()) {
            hostile.send(relay.id(), Handles.GET_RESOURCE, 0, body);
        }
        for (Tuple wanted : Attacks.RESOURCES) {
            hostile.send(relay.id(), Handles.GET_RESOURCE, 0, PickleWriter.toBytes(wanted));
            HostileChild.Received answer = hostile.read();
            assertEquals(Handles.LOAD_RESOURCE, answer.handle());
            assertNull(Attacks.contentIn(answer.body()), answer.text());
        }
        awaitHandled();
        log.await("the long name", record -> record.getMessage().contains("whose name has 1048576 bytes"));
        assertUnharmed();
    }

    @Test
    void shouldOutliveThousandsOfRequestsForWhatThereIsNot() throws Exception {
        for (int i = 0; i < 5_000; i++) {
            hostile.send(relay.id(), Handles.GET_MODULE, 0, ("no_such" + i).getBytes(UTF_8));
            if (i % 1000 == 0) {
                awaitHandled();
            }
        }
        for (int i = 0; i < 500; i++) {
            byte[] wanted = PickleWriter.toBytes(Tuple.of("no_such" + "x".repeat(10_000), "a" + i));
            hostile.send(relay.id(), Handles.GET_RESOURCE, 0, wanted);
            if (i % 100 == 0) {
                awaitHandled();
            }
        }
        awaitHandled();
        assertUnharmed();
        assertFalse(target.gone().isDone());
    }

    @Test
    void shouldEndTheLinkOfAChildThatAsksAndDoesNotRead() throws Exception {
        flood(hostile, relay.id(), "mitogen.parent");
        String first = target.gone().get(20, TimeUnit.SECONDS);
        assertTrue(first.startsWith("lost behind relay: it does not read: "), first);
        assertUnharmed();
        for (HostileChild.Dialect dialect : HostileChild.Dialect.values()) {
            try (HostileChild child = new HostileChild(router, dialect)) {
                Context context = child.boot();
                flood(
                        child,
                        0,
                        dialect == HostileChild.Dialect.PYTHON ? "mitogen.parent" : "org/junit/jupiter/api/Test.class");
                String reason = context.gone().get(20, TimeUnit.SECONDS);
                assertTrue(reason.startsWith("it does not read: "), reason);
            }
        }
        assertUnharmed();
    }

    /** Asks for something again and again, until the other end hangs up. */
    private static void flood(HostileChild child, int parent, String name) {
        byte[] one = HostileChild.frame(parent, child.id(), child.id(), Handles.GET_MODULE, 0, name.getBytes(UTF_8));
        ByteBuffer many = ByteBuffer.allocate(1000 * one.length);
        while (many.hasRemaining()) {
            many.put(one);
        }
        assertThrows(IOException.class, () -> {
            while (true) {
                child.write(many.array());
            }
        });
    }
}
