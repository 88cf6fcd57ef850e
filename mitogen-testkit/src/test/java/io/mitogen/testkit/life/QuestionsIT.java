// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.life;

import static io.mitogen.testkit.life.Trees.SOON;
import static io.mitogen.testkit.life.Trees.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.InProcess;
import io.mitogen.connect.Local;
import io.mitogen.connect.Sudo;
import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.pickle.Secret;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.parent.ConnectException;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.parent.Question;
import io.mitogen.testkit.DescriptorLeakCheck;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.ProcessLeakCheck;
import io.mitogen.testkit.TempFileLeakCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions that only the user can answer, of a tool that asks for a code and then runs its command. */
@Timeout(120)
final class QuestionsIT {
    private static final String CODE = "271828";

    @TempDir
    Path folder;

    private final List<LeakCheck> leaks = new ArrayList<>();
    private Broker broker;
    private MasterRouter router;
    private Sudo asking;

    @BeforeEach
    void start() throws IOException {
        leaks.addAll(List.of(ProcessLeakCheck.start(), TempFileLeakCheck.start(), DescriptorLeakCheck.start()));
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker);
        asking = Sudo.to("nobody")
                .path(new FakeJava(folder)
                        .running(
                                "printf 'Verification code: ' >&2",
                                "IFS= read -r code",
                                "[ \"$code\" = " + CODE + " ] || { echo 'wrong code' >&2; exit 1; }",
                                "while [ \"$1\" != -- ]; do shift; done; shift",
                                "exec \"$@\""));
    }

    @AfterEach
    void shouldLeaveNothing() {
        router.close();
        broker.close();
        leaks.forEach(leak -> leak.check(SOON));
    }

    /** Returns the method, to be started by the master or by another context. */
    private Sudo from(boolean via, Sudo method) {
        return via ? method.via(router.connect(Local.create())) : method;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHaveTheUserAnswerWhereverTheToolRuns(boolean via) {
        List<Question> asked = Collections.synchronizedList(new ArrayList<>());

        Context context = router.connect(from(via, asking.questions(question -> {
            asked.add(question);
            return Secret.of(CODE);
        })));

        assertTrue(context.call(Acts::pid) > 0);
        assertEquals(List.of(new Question("Verification code: ", "Sudo nobody", Question.Kind.TEXT, true)), asked);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSayWhatTheToolMadeOfAWrongAnswer(boolean via) throws Exception {
        Sudo method = from(via, asking.questions(question -> Secret.of("0")));

        ConnectException failure = assertInstanceOf(ConnectException.class, failureOf(router.connectAsync(method)));

        assertEquals(Reason.EXITED, failure.reason());
        assertTrue(failure.lastLines().toString().contains("wrong code"), failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSayWhatWaitsForAnAnswerThatNobodyGives(boolean via) throws Exception {
        Sudo method = from(via, asking);

        ConnectException failure = assertInstanceOf(ConnectException.class, failureOf(router.connectAsync(method)));

        assertEquals(Reason.QUESTION_UNANSWERED, failure.reason());
        assertTrue(failure.getMessage().contains("\"Verification code: \""), failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLetTheUserGiveUpWhileAQuestionWaits(boolean via) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch thinking = new CountDownLatch(1);
        CompletableFuture<Context> connecting = router.connectAsync(from(via, asking.questions(question -> {
            asked.countDown();
            await(thinking);
            return Secret.of(CODE);
        })));
        Eventually.until(SOON, "the question comes", () -> asked.getCount() == 0);

        connecting.cancel(true);
        thinking.countDown();

        assertTrue(connecting.isCancelled());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldLetNoThreadOfAnotherContextWaitForAnAnswerThatIsNotWantedAnyMore() throws Exception {
        CountDownLatch thinking = new CountDownLatch(1);
        Context via = router.connect(InProcess.create()); // its threads can be seen here
        CompletableFuture<Context> connecting = router.connectAsync(
                asking.connectTimeout(Duration.ofHours(1)).via(via).questions(question -> {
                    await(thinking);
                    return null;
                }));
        Eventually.until(SOON, "the question comes", QuestionsIT::isWaitingForAnAnswer);

        connecting.cancel(true);

        Eventually.until(SOON, "no thread waits for the answer", () -> !isWaitingForAnAnswer());
        thinking.countDown();
    }

    private static boolean isWaitingForAnAnswer() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .anyMatch(frame -> frame.getClassName().equals("io.mitogen.parent.RemoteQuestions")
                        && frame.getMethodName().equals("answer"));
    }

    @Test
    void shouldFailWhenTheHandlerDoes() throws Exception {
        Sudo method = asking.questions(question -> {
            throw new IllegalStateException("the phone is off");
        });

        ConnectException failure = assertInstanceOf(ConnectException.class, failureOf(router.connectAsync(method)));

        assertEquals(Reason.QUESTION_UNANSWERED, failure.reason());
        assertTrue(failure.getMessage().contains("the phone is off"), failure.getMessage());
    }
}
