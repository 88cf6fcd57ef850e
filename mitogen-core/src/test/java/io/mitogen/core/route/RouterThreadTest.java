// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.concurrent.Deadline;
import io.mitogen.core.concurrent.Latch;
import io.mitogen.core.concurrent.Threads;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.loop.MemoryPeer;
import io.mitogen.core.loop.ReceiveSide;
import io.mitogen.core.loop.Stream;
import io.mitogen.core.loop.TransmitSide;
import io.mitogen.core.testing.QuietLogExtension;
import io.mitogen.core.testing.ScriptedPeer;
import io.mitogen.core.testing.WireBytes;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Routers on a broker with its thread: races of calls with deaths, and the end of one of several. */
final class RouterThreadTest {
    private static final Duration LONG = Duration.ofSeconds(25);
    private static final Router.Settings SETTINGS = new Router.Settings(100_000, false);

    @RegisterExtension
    final QuietLogExtension log = new QuietLogExtension();

    private final Broker broker = Broker.start("routers", 300, log.sink());
    private final Router router = new Router(broker, new Identity(0), SETTINGS, log.sink());

    @AfterEach
    void close() {
        broker.close();
        assertFalse(broker.thread().isAlive());
    }

    @Test
    void shouldAnswerEveryCallThatRacesWithTheDeathOfItsContext() throws Exception {
        for (int round = 0; round < 300; round++) {
            int id = round + 1;
            MemoryPeer peer = new MemoryPeer();
            Link link = connect(router, id, peer.receiveSide(), peer.transmitSide());
            List<FutureTask<Boolean>> callers = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                callers.add(started(() -> {
                    for (int call = 0; call < 20; call++) {
                        Latch<Message> answer = new Latch<>();
                        int replyTo = router.addHandler(Registration.reply((message, from) -> answer.put(message), id));
                        router.send(Message.empty(id, Handles.CALL_FUNCTION, replyTo));
                        assertTrue(answer.get(Deadline.after(LONG)).isDead());
                    }
                    return true;
                }));
            }
            broker.runInTurn(() -> link.stream().close("it died"));
            for (FutureTask<Boolean> caller : callers) {
                assertTrue(caller.get(25, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void shouldAnswerEveryCallThatRacesWithTheEndOfTheBroker() throws Exception {
        for (int round = 0; round < 50; round++) {
            Broker ending = Broker.start("ending", 300, log.sink());
            Router own = new Router(ending, new Identity(0), SETTINGS, log.sink());
            FutureTask<Boolean> caller = started(() -> {
                while (true) {
                    Latch<Message> answer = new Latch<>();
                    int replyTo = own.addHandler(Registration.reply((message, from) -> answer.put(message), 0));
                    own.send(Message.empty(0, Handles.CALL_FUNCTION, replyTo));
                    if (answer.get(Deadline.after(LONG)).text().startsWith("Broker has exitted")) {
                        return true;
                    }
                }
            });
            ending.close();
            assertTrue(caller.get(25, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldEndOneRouterInOrderAndLeaveTheOthersOfItsBroker() throws Exception {
        Router other = new Router(broker, new Identity(0), SETTINGS, log.sink());
        try (ScriptedPeer child = new ScriptedPeer();
                ScriptedPeer othersChild = new ScriptedPeer()) {
            connect(router, 1, child.receiveSide(), child.transmitSide());
            connect(other, 1, othersChild.receiveSide(), othersChild.transmitSide());
            Latch<Message> waiting = new Latch<>();
            int lasting = router.addHandler(Registration.of((message, from) -> waiting.put(message)));

            FutureTask<Boolean> closing = started(() -> {
                router.close();
                return true;
            });
            assertEquals("1 0 0 106 0 ", WireBytes.show(child.hear()));
            child.hangUp();
            assertTrue(closing.get(25, TimeUnit.SECONDS));
            assertNull(child.hear());
            assertEquals(
                    "0 0 0 " + lasting + " 999 the router was closed",
                    WireBytes.show(waiting.get(Deadline.after(LONG))));

            assertEquals(1, other.routedIds().length);
            other.send(Message.text(1, 100, "still here"));
            assertEquals("1 0 0 100 0 still here", WireBytes.show(othersChild.hear()));
            broker.runInTurn(() -> assertFalse(broker.listeners().listeners().contains(router)));
            othersChild.hangUp();
        }
    }

    @Test
    void shouldCloseByForceWhatDoesNotEndInTime() throws Exception {
        try (ScriptedPeer deaf = new ScriptedPeer()) {
            connect(router, 1, deaf.receiveSide(), deaf.transmitSide());
            router.close();
            assertEquals("1 0 0 106 0 ", WireBytes.show(deaf.hear()));
            assertNull(deaf.hear(), "closed although it said nothing");
        }
    }

    @Test
    void shouldCloseOnlyTheLinkOverWhichGarbageComes() throws Exception {
        log.expect("is corrupt: not a Mitogen frame");
        try (ScriptedPeer hostile = new ScriptedPeer();
                ScriptedPeer honest = new ScriptedPeer()) {
            connect(router, 1, hostile.receiveSide(), hostile.transmitSide());
            connect(router, 2, honest.receiveSide(), honest.transmitSide());
            router.addHandler(Registration.of((message, from) -> router.reply(message, message.body()))
                    .on(100));
            hostile.say(WireBytes.pattern(100));
            assertNull(hostile.hear());
            honest.say(WireBytes.frame(0, 2, 2, 100, 1000, "echo"));
            assertEquals("2 0 0 1000 0 echo", WireBytes.show(honest.hear()));
            honest.hangUp();
        }
    }

    private Link connect(Router to, int id, ReceiveSide receive, TransmitSide transmit) {
        Link[] link = new Link[1];
        broker.runInTurn(() -> {
            try {
                Stream stream = new Stream(broker, "child" + id, receive, transmit);
                stream.open();
                link[0] = to.connectChild(stream, id);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return link[0];
    }

    private static FutureTask<Boolean> started(Callable<Boolean> work) {
        FutureTask<Boolean> task = new FutureTask<>(work);
        Threads.daemon("router-test", task).start();
        return task;
    }
}
