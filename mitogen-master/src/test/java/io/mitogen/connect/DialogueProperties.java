// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.pickle.Secret;
import io.mitogen.parent.Dialogue;
import io.mitogen.parent.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a program prints, and however it arrives, the password goes to its question, and once. */
final class DialogueProperties {
    private static final String NONCE = "mitogen-0123456789abcdef";
    private static final String SUDO = "[sudo] password for ann [" + NONCE + "]: ";
    private static final String DOAS = "\rdoas (ann@here) password: ";
    private static final String SU = "Password: ";
    private static final Secret SECRET = Secret.of("opensesame");

    @Property
    void shouldGiveSudoThePasswordAtItsQuestionOnly(@ForAll("talks") List<String> talk, @ForAll boolean asksUser) {
        check(
                talk,
                new SudoDialogue(NONCE, "root", SECRET, asksUser, true),
                text -> text.endsWith(SUDO) || text.equals("[sudo: " + SudoDialogue.prompt(NONCE) + "] Password: "));
    }

    @Property
    void shouldGiveSuThePasswordAtItsQuestionOnly(@ForAll("talks") List<String> talk, @ForAll boolean asksUser) {
        check(talk, new SuDialogue("root", SECRET, asksUser), SU::equals);
    }

    @Property
    void shouldGiveDoasThePasswordAtItsQuestionOnly(@ForAll("talks") List<String> talk, @ForAll boolean asksUser) {
        check(
                talk,
                new DoasDialogue("ann", "root", SECRET, asksUser),
                text -> text.matches("\r?doas \\(ann@[^()\\s]*\\) password: "));
    }

    /** Says all pieces as they would arrive, until the attempt ends. */
    private static void check(List<String> talk, Dialogue dialogue, Predicate<String> isQuestion) {
        List<String> answered = new ArrayList<>();
        boolean asked = false;
        StringBuilder line = new StringBuilder();
        for (String piece : talk) {
            line.append(piece);
            for (int end = line.indexOf("\n"); end >= 0; end = line.indexOf("\n")) {
                Reply reply = dialogue.onLine(line.substring(0, end));
                line.delete(0, end + 1);
                assertTrue(!(reply instanceof Reply.Answer), "answered to a line");
                if (reply instanceof Reply.Failure) {
                    return;
                }
            }
            if (line.isEmpty()) {
                continue;
            }
            boolean expected = !asked && isQuestion.test(line.toString());
            Reply reply = dialogue.onText(line.toString());
            assertEquals(expected, reply instanceof Reply.Answer, () -> "at \"" + line + "\" of " + talk);
            asked |= expected;
            if (reply instanceof Reply.Answer answer) {
                answered.add(answer.text().reveal());
            }
            if (reply instanceof Reply.Failure) {
                break;
            }
            if (reply != Reply.NOTHING) {
                line.setLength(0);
            }
        }
        assertTrue(answered.size() <= 1, answered.toString());
    }

    @Provide
    Arbitrary<List<String>> talks() {
        return Arbitraries.oneOf(
                        Arbitraries.of(
                                SUDO,
                                DOAS,
                                DOAS.strip() + " ",
                                SU,
                                "Password:",
                                "password: ",
                                "\n",
                                "\r\n",
                                " ",
                                NONCE,
                                SudoDialogue.prompt(NONCE),
                                "[sudo: " + SudoDialogue.prompt(NONCE) + "] Password: ",
                                "[sudo] password for ann: ",
                                "Sorry, try again.\n",
                                "su: Authentication failure\n",
                                "doas: Authentication failed\n",
                                SECRET.reveal(),
                                SUDO.substring(0, 30),
                                SUDO.substring(30),
                                DOAS.substring(0, 9),
                                DOAS.substring(9),
                                "Pass",
                                "word: "),
                        Arbitraries.strings().ofMaxLength(20))
                .list()
                .ofMaxSize(12);
    }
}
