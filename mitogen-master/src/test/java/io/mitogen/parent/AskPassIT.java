// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.testing.Eventually;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class AskPassIT {
    private static final String MARK = "mark-7";

    private final AskPass askPass = new AskPass();
    private AnswerPipe answers;

    @BeforeEach
    void openPipe() throws IOException {
        answers = new AnswerPipe();
    }

    @AfterEach
    void close() {
        answers.close();
        askPass.close();
    }

    @Test
    void shouldPassAQuestionOfSeveralLinesOnAndTheAnswerBack() throws Exception {
        Process helper = ask("Is 'SHA256:a%s\\n' $HOME right?\nAnswer (yes/no)? ");
        BufferedReader questions =
                new BufferedReader(new InputStreamReader(helper.getErrorStream(), StandardCharsets.UTF_8));

        assertEquals("", questions.readLine());
        String head = questions.readLine();
        assertEquals(MARK + " " + helper.pid() + " " + ProcessHandle.current().pid() + " ", head);
        assertEquals("Is 'SHA256:a%s\\n' $HOME right?", questions.readLine());
        assertEquals("Answer (yes/no)? ", questions.readLine());
        assertEquals(MARK + ".", questions.readLine());
        answer(helper.pid() + "=  \u00e9 \\t$(id)  ");

        assertEquals("  \u00e9 \\t$(id)  \n", output(helper));
        assertEquals(0, helper.exitValue());
    }

    @Test
    void shouldNotTakeWhatWasMeantForAnother() throws Exception {
        Process helper = ask("Code: ");
        answer("1=secret of a helper that is gone");
        answer(helper.pid() + "=own");

        assertEquals("own\n", output(helper));
    }

    @Test
    void shouldGiveNothingWhenThereIsNoAnswer() throws Exception {
        Process helper = ask("Code: ");
        answer(helper.pid() + "-");

        assertEquals("", output(helper));
        assertEquals(1, helper.exitValue());
    }

    @Test
    void shouldEndWhenTheAttemptDoes() throws Exception {
        Process helper = ask("Code: ");
        helper.getErrorStream().read();
        answers.close();

        assertEquals("", output(helper));
        assertEquals(1, helper.exitValue());
    }

    @Test
    void shouldNotReadFromWhatHasTakenThePlaceOfThePipe() throws Exception {
        String address = answers.address();
        answers.close();
        answers = new AnswerPipe(); // mostly under the same numbers
        answers.write("another's\n".getBytes(StandardCharsets.UTF_8));

        Process helper = start("Code: ", answers.path() + address.substring(address.indexOf('=')));

        assertEquals("", output(helper));
        assertEquals(1, helper.exitValue());
        assertEquals(
                "another's", Files.newBufferedReader(Path.of(answers.path())).readLine());
    }

    @Test
    void shouldLeaveNoFile() throws Exception {
        List<String> before = files();

        String path = askPass.path();

        List<String> left = files();
        left.removeAll(before);
        Eventually.until(Duration.ofSeconds(20), "no file is left, but what others begin meanwhile", () -> {
            left.retainAll(files());
            return left.isEmpty();
        });
        assertTrue(Files.isExecutable(Path.of(path)));
        askPass.close();
        assertFalse(Files.exists(Path.of(path)));
    }

    private static List<String> files() {
        List<String> found = new ArrayList<>();
        for (String folder : List.of("/dev/shm", System.getProperty("java.io.tmpdir"))) {
            String[] names = new File(folder).list((in, name) -> name.startsWith("mitogen-askpass"));
            found.addAll(List.of(names == null ? new String[0] : names));
        }
        return found;
    }

    private Process ask(String question) throws IOException {
        return start(question, answers.address());
    }

    private Process start(String question, String address) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(askPass.path(), question);
        builder.environment().put(AskPass.MARK_VARIABLE, MARK);
        builder.environment().put(AskPass.ANSWERS_VARIABLE, address);
        return builder.start();
    }

    private void answer(String line) throws IOException {
        answers.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static String output(Process helper) throws Exception {
        String output = new String(helper.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(helper.waitFor(20, TimeUnit.SECONDS), "the helper does not end");
        return output;
    }
}
