// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.Nullable;
import io.mitogen.core.call.Context;
import io.mitogen.core.pickle.Globals;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.core.wire.Handles;
import io.mitogen.parent.ConnectException;
import io.mitogen.parent.ConnectException.Reason;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A child that begins as a Python interpreter does, and then says what it likes. */
final class HostilePythonIT extends HostileContract {
    @Override
    HostileChild.Dialect dialect() {
        return HostileChild.Dialect.PYTHON;
    }

    // == Modules and resources ==

    @Test
    void shouldAnswerEveryRequestForAModuleHoweverOdd() throws Exception {
        for (String name : Attacks.MODULES) {
            hostile().send(0, Handles.GET_MODULE, 0, name.getBytes(UTF_8));
            HostileChild.Received answer = hostile().read();
            assertEquals(Handles.LOAD_MODULE, answer.handle());
            Tuple fields = (Tuple) PickleReader.fromBytes(answer.body(), Globals.STANDARD);
            assertEquals(name, fields.get(0));
            assertEquals(null, fields.get(3), "it was served " + name);
        }
        hostile().send(0, Handles.GET_MODULE, 0, new byte[] {(byte) 0xff, (byte) 0xfe});
        assertEquals(Handles.LOAD_MODULE, hostile().read().handle());
        hostile().send(0, Handles.GET_MODULE, 0, new byte[1 << 20]);
        awaitHandled();
        assertTrue(logged("ignored a request for a class whose name has 1048576 bytes"));
        assertHonestIsUnharmed();
    }

    @Test
    void shouldRefuseEveryRequestForAResourceThatIsNone() throws Exception {
        for (byte[] body : Attacks.pickles(Path.of("/nowhere"))) {
            if (body.length < 10_000) {
                hostile().send(0, Handles.GET_RESOURCE, 9001, body);
                HostileChild.Received answer = hostile().read();
                assertEquals(Handles.DEAD, answer.replyTo());
                assertTrue(answer.text().startsWith("handler of GET_RESOURCE failed: "), answer.text());
            }
        }
        for (byte[] body : Attacks.deepPickles()) {
            hostile().send(0, Handles.GET_RESOURCE, 0, body);
        }
        hostile().send(0, Handles.GET_RESOURCE, 0, ("]".repeat(8000) + "a".repeat(7999) + ".").getBytes(UTF_8));
        hostile().send(0, Handles.GET_RESOURCE, 0, ("})" + "\u0085".repeat(16_000) + "Ns.").getBytes(ISO_8859_1));
        awaitHandled();
        assertTrue(logged("ignored a GET_RESOURCE of 200005 bytes"));
        assertHonestIsUnharmed();
    }

    @Test
    void shouldServeNoFileOutsideOfPackages() throws Exception {
        for (Tuple wanted : Attacks.RESOURCES) {
            hostile().send(0, Handles.GET_RESOURCE, 0, PickleWriter.toBytes(wanted));
            HostileChild.Received answer = hostile().read();
            assertEquals(Handles.LOAD_RESOURCE, answer.handle());
            assertNull(Attacks.contentIn(answer.body()), answer.text());
        }
        assertHonestIsUnharmed();
    }

    // == As the one that shall start another ==

    @Test
    void shouldBelieveNoNonsenseAboutAContextThatItShouldHaveStarted() throws Exception {
        for (Object answer : List.of(
                1,
                "x",
                List.of(),
                Map.of(),
                outcome(null, null, null),
                outcome(null, "x", null),
                outcome(null, null, 7),
                outcome("1", "x", null),
                outcome(1, null, null),
                outcome(1, List.of(), null))) {
            assertRefused(Reason.BAD_HANDSHAKE, PickleWriter.toBytes(answer));
        }
        for (Object id :
                List.of(0, hostile().id(), honest().id(), 4711, -1, 1.5, Long.MAX_VALUE, BigInteger.TWO.pow(2000))) {
            assertRefused(Reason.VIA_GONE, PickleWriter.toBytes(outcome(id, "x", null)));
        }
        for (byte[] body : List.of(new byte[0], new byte[] {1, 2}, "cos\nsystem\n(S'x'\ntR.".getBytes(UTF_8))) {
            assertRefused(Reason.START_REFUSED, body);
        }
        assertHonestIsUnharmed();
    }

    @Test
    void shouldCutAndCleanWhatItSaysOfAFailure() throws Exception {
        String text = "Child start failed" + "\n\u001b[31mx\0\u202e".repeat(1_000_000);

        String said = assertRefused(Reason.START_REFUSED, PickleWriter.toBytes(outcome(null, null, text)));

        assertTrue(said.length() < 25_000, said.length() + " characters");
        assertFalse(said.contains("\u001b") || said.contains("\0") || said.contains("\u202e"));
    }

    @Test
    void shouldNameWhatItStartedWithoutControlCharacters() throws Exception {
        CompletableFuture<Context> attempt = connectVia(Duration.ofSeconds(20));
        HostileChild.Received call = hostile().read();
        hostile().send(0, Handles.ALLOCATE_ID, 8000, new byte[0]);
        Tuple block = (Tuple) PickleReader.fromBytes(hostile().read().body(), Globals.NONE);
        hostile().send(0, Handles.ADD_ROUTE, 0, (block.get(0) + ":a\nb").getBytes(UTF_8));
        hostile()
                .send(
                        0,
                        call.replyTo(),
                        0,
                        PickleWriter.toBytes(outcome(block.get(0), "c\n\u001b" + "d".repeat(5000), null)));

        String name = attempt.get(20, TimeUnit.SECONDS).name();

        assertTrue(name.startsWith(target().name() + ".c\\u000a\\u001bddd"), name);
        assertEquals(500, name.length());
    }

    @Test
    void shouldWaitNoLongerThanItsTimeAndDropWhatComesLate() throws Exception {
        CompletableFuture<Context> attempt = connectVia(Duration.ofMillis(100));
        HostileChild.Received call = hostile().read();

        assertEquals(Reason.TIMEOUT, failureOf(attempt).reason());

        hostile().send(0, call.replyTo(), 0, PickleWriter.toBytes(outcome(honest().id(), "x", null)));
        awaitHandled();
        assertHonestIsUnharmed();
    }

    private CompletableFuture<Context> connectVia(Duration timeout) {
        return router().connectAsync(
                        Local.create().python().connectTimeout(timeout).via(target()));
    }

    private static Map<String, Object> outcome(@Nullable Object id, @Nullable Object name, @Nullable Object message) {
        Map<String, Object> outcome = new HashMap<>();
        outcome.put("id", id);
        outcome.put("name", name);
        outcome.put("msg", message);
        return outcome;
    }

    private String assertRefused(Reason reason, byte[] answer) throws IOException {
        CompletableFuture<Context> attempt = connectVia(Duration.ofSeconds(20));
        HostileChild.Received call = hostile().read();
        assertEquals(Handles.CALL_FUNCTION, call.handle());
        hostile().send(0, call.replyTo(), 0, answer);
        ConnectException failure = failureOf(attempt);
        assertEquals(reason, failure.reason(), failure::getMessage);
        return String.valueOf(failure.getMessage());
    }

    private static ConnectException failureOf(CompletableFuture<Context> attempt) {
        CompletionException thrown =
                assertThrows(CompletionException.class, () -> attempt.orTimeout(20, TimeUnit.SECONDS)
                        .join());
        return assertInstanceOf(ConnectException.class, thrown.getCause());
    }
}
