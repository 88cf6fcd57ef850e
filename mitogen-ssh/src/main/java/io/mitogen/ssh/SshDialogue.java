// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.ssh;

import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Secret;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.parent.Dialogue;
import io.mitogen.parent.Ending;
import io.mitogen.parent.MethodOptions;
import io.mitogen.parent.Question;
import io.mitogen.parent.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The talk with OpenSSH's client, which asks through its helper program only: nothing that it or the target prints is ever
 * answered. A secret goes to the ssh that was started, not to the one of a jump host, and once.
 */
final class SshDialogue implements Dialogue {
    private static final int PRINTED_PATH_BYTES = 100;

    private final @Nullable String identity;
    private final boolean hasHandler;
    private @Nullable Secret password; // null once it was given, as the next
    private @Nullable Secret passphrase;
    private SshTalk talk;
    private String keyProblem = "";
    private String expired = "";
    private boolean masterFull; // so that ssh makes a connection of its own
    private boolean questioned; // by whichever program

    SshDialogue(MethodOptions chosen) {
        this.identity = chosen.text("identity");
        this.hasHandler = chosen.questionHandler() != null;
        this.password = chosen.secret("password");
        this.passphrase = chosen.secret("passphrase");
        this.talk = SshTalk.silent(password != null);
    }

    @Override
    public Reply onLine(String line) {
        String problem = SshKeyProblem.of(line);
        keyProblem = problem.isEmpty() ? keyProblem : problem;
        expired = talk.passwordSent() && SshExplanation.tellsOfExpiry(line) ? line : expired;
        masterFull |= SshExplanation.tellsOfFullMaster(line);
        return Reply.NOTHING;
    }

    @Override
    public Reply onQuestion(Question question) {
        questioned = true;
        Reply reply = replyTo(question);
        if (reply == Reply.TO_USER && !hasHandler && question.kind() != Question.Kind.NOTICE && masterFull) {
            reply = new Reply.Failure(
                    Reason.QUESTION_UNANSWERED,
                    "it asks \"" + question.text().strip() + "\", and nobody was given to answer");
        }
        return masterFull && reply instanceof Reply.Failure failure ? SshExplanation.masterFull(failure) : reply;
    }

    private Reply replyTo(Question question) {
        talk = question.fromCommand() ? talk.withAsked() : talk;
        SshQuestion asked = SshQuestion.of(question.text());
        if (asked.kind() == SshQuestion.Kind.PASSWORD) {
            return onPassword(question);
        } else if (asked.kind() == SshQuestion.Kind.PASSPHRASE) {
            return onPassphrase(question, asked.subject());
        } else if (asked.kind() == SshQuestion.Kind.PIN) {
            return withoutKey(asked.subject());
        } else if (asked.kind() == SshQuestion.Kind.HOST_KEY) {
            return onHostKey(question);
        } else if (asked.kind() == SshQuestion.Kind.HOST_KEY_AGAIN && talk.hostKeyQuestion() != null) {
            return SshExplanation.hostKeyUnknown(
                    "the answer was neither yes nor no nor the fingerprint",
                    talk.hostKeyQuestion(),
                    question.fromCommand());
        } else if (asked.kind() == SshQuestion.Kind.NEW_PASSWORD) {
            return toUserOr(new Reply.Failure(
                    Reason.ACCOUNT_REFUSED,
                    "the password has expired: the host asks for a new one (\""
                            + question.text().strip()
                            + "\"); log in by hand to change it, or answer with Ssh.questions"));
        } else if (question.kind() == Question.Kind.CONFIRM) {
            return toUserOr(Reply.DECLINED); // whether to add a key to the agent, or the like: ssh goes on without
        }
        return password == null || question.kind() == Question.Kind.NOTICE
                ? Reply.TO_USER
                : toUserOr(heldBack(question));
    }

    private static Reply heldBack(Question question) {
        return new Reply.Failure(
                Reason.QUESTION_UNANSWERED,
                "it asks \"" + question.text().strip()
                        + "\"; Ssh.password answers only the questions for the account's password that OpenSSH and sshd are known"
                        + " to ask, so the password was held back; answer with Ssh.questions");
    }

    private Reply toUserOr(Reply otherwise) {
        return hasHandler ? Reply.TO_USER : otherwise;
    }

    private Reply onPassword(Question question) {
        String quoted = "\"" + question.text().strip() + "\"";
        if (!question.fromCommand()) {
            return toUserOr(
                    new Reply.Failure(
                            Reason.PASSWORD_REQUIRED,
                            "a program that ssh started asks " + quoted
                                    + ", perhaps the ssh of a jump host, which options do not"
                                    + " concern; connect the jump host as a context and use Ssh.via, or answer with Ssh.questions"));
        }
        if (password != null) {
            Reply answer = new Reply.Answer(password);
            password = null;
            talk = talk.withPasswordSent();
            return answer;
        }
        if (!expired.isEmpty()) {
            return SshExplanation.accountExpired(expired);
        }
        return toUserOr( // the user may know a second secret that is asked for in the same words
                talk.passwordSent()
                        ? new Reply.Failure(Reason.PASSWORD_WRONG, SshExplanation.PASSWORD_NOT_ACCEPTED)
                        : passwordRequired(quoted));
    }

    private Reply.Failure passwordRequired(String quoted) {
        if (talk.closedKey() != null) {
            return SshExplanation.passphraseRequired(talk.closedKey());
        }
        if (!keyProblem.isEmpty()) {
            return new Reply.Failure(Reason.KEY_REFUSED, keyProblem + "; so ssh asks " + quoted);
        }
        return new Reply.Failure(
                Reason.PASSWORD_REQUIRED,
                "ssh asks " + quoted
                        + ", and none was given: see Ssh.password; where a key should have been enough, the"
                        + " host accepted none that ssh offered, or wants a password beside it");
    }

    private Reply onPassphrase(Question question, String path) {
        if (question.fromCommand() && identity != null && path.equals(printed(identity))) {
            if (passphrase != null) {
                Reply answer = new Reply.Answer(passphrase);
                passphrase = null;
                talk = talk.withPassphraseSent();
                return answer;
            }
            if (talk.passphraseSent()) {
                return new Reply.Failure(
                        Reason.PASSPHRASE_WRONG, "the passphrase that was given does not open the key " + path);
            }
        }
        return withoutKey(path);
    }

    /** Has ssh go on to what else may let it in, where there is nobody to open the key. */
    private Reply withoutKey(String key) {
        if (!hasHandler) {
            talk = talk.withClosedKey(key);
        }
        return toUserOr(Reply.DECLINED);
    }

    /** Returns the path of a key as ssh prints it in its question. */
    static String printed(String identity) {
        String path = identity.startsWith("~/") ? System.getProperty("user.home") + identity.substring(1) : identity;
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        return new String(Arrays.copyOf(bytes, Math.min(bytes.length, PRINTED_PATH_BYTES)), StandardCharsets.UTF_8);
    }

    private Reply onHostKey(Question question) {
        talk = talk.withHostKeyQuestion(question.text());
        return toUserOr(
                SshExplanation.hostKeyUnknown(SshExplanation.KEY_NOT_KNOWN, question.text(), question.fromCommand()));
    }

    @Override
    public @Nullable Reply.Failure onEnd(Ending ending) {
        return new SshExplanation(ending, talk).failure();
    }

    @Override
    public boolean mayTryAgain(Ending ending) {
        return !questioned && new SshExplanation(ending, talk).isTurnedAway();
    }
}
