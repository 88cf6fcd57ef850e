// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.connect;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Secret;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.parent.Dialogue;
import io.mitogen.parent.Ending;
import io.mitogen.parent.Reply;
import java.util.regex.Pattern;

/**
 * The talk with a program that makes its user another one, and wants a password for that. The password is given once, to the
 * first question for it; whatever comes after that is another question.
 */
@BrokerThread
abstract class EscalationDialogue implements Dialogue {
    /** With ENOENT or EACCES, as JDK 17 and as later ones tell it; what these mean is said in the language of the system. */
    private static final Pattern CANNOT_RUN =
            Pattern.compile("^Cannot run program .*: (Exec failed, )?error(=|: )(2|13)\\b");

    /** What pam_faillock and its predecessors say. */
    private static final Pattern LOCKED =
            Pattern.compile("(?:The account is|Account|Account temporarily) locked (?:due to|\\().*");

    private static final Pattern BROKEN_PAM = Pattern.compile(
            "(?:^|: )(?:Module is unknown|Critical error - immediate abort|System error|Error in service module|Symbol not found"
                    + "|dlopen\\(\\) failure|Failed to load module)$");

    private final String tool;
    private final String target;
    private final boolean asksUser;
    private @Nullable Secret password; // null once it was given
    private boolean answered;

    /**
     * @param tool what the errors call the program
     * @param target the account that it shall become
     * @param asksUser whether there is somebody who answers what the password does not
     */
    EscalationDialogue(String tool, String target, @Nullable Secret password, boolean asksUser) {
        this.tool = tool;
        this.target = target;
        this.password = password;
        this.asksUser = asksUser;
    }

    /** Answers the first question for the password; {@code question} is what to show to the user. */
    final Reply answer(String question) {
        answered = true;
        if (password != null) {
            Secret given = password;
            password = null;
            return new Reply.Answer(given);
        }
        if (asksUser) {
            return new Reply.ToUser(question);
        }
        return new Reply.Failure(
                Reason.PASSWORD_REQUIRED,
                tool + " asks \"" + question.strip() + "\", and no password was given: see " + method()
                        + ".password and questions");
    }

    /** Returns whether the first question for the password was heard. */
    final boolean hasAnswered() {
        return answered;
    }

    /** Returns whether there is somebody who answers what the password does not. */
    final boolean asksUser() {
        return asksUser;
    }

    /** Returns that the password is wrong; {@code how} tells how that was noticed. */
    final Reply.Failure wrong(String how) {
        return new Reply.Failure(Reason.PASSWORD_WRONG, tool + " did not accept the password" + how);
    }

    /** Returns the failure {@code reason}, told by {@code words} of the program. */
    final Reply.Failure refused(Reason reason, String what, String words) {
        return new Reply.Failure(reason, what + ": " + words);
    }

    private String method() {
        return Character.toUpperCase(tool.charAt(0)) + tool.substring(1);
    }

    /** Returns what a line means, once it is known that the program has given up; null for nothing. */
    abstract @Nullable Reply.Failure meaningOf(String line);

    /** Returns the packages that bring the program. */
    abstract String packages();

    /** Returns what it means that the program ended and nothing was heard; null for nothing. */
    @Nullable
    Reply.Failure meaningOfSilence() {
        return null;
    }

    /** Returns what it means that no line alone tells why the program ended; null for nothing. */
    @Nullable
    Reply.Failure meaningOfRest() {
        return null;
    }

    @Override
    public final @Nullable Reply.Failure onEnd(Ending ending) {
        if (ending.commandRan()) {
            return null;
        }
        for (String line : ending.heard()) {
            Reply.Failure failure = isMissing(line)
                    ? refused(
                            Reason.START_REFUSED,
                            "there is no program " + tool + " here that may be run; it comes with the package "
                                    + packages(),
                            line)
                    : meaningOf(line);
            if (failure != null) {
                return failure;
            }
        }
        return ending.heard().isEmpty() ? meaningOfSilence() : meaningOfRest();
    }

    /** What a JVM, or the shell that makes a terminal, says when it does not find the program, or may not run it. */
    private static boolean isMissing(String line) {
        return CANNOT_RUN.matcher(line).find()
                || line.contains(": exec: ") && (line.endsWith(": not found") || line.endsWith(": Permission denied"));
    }

    /** Returns whether text without a line end may be a question. Complaints come in pieces, too: the program's name first. */
    final boolean seemsToAsk(String text) {
        return text.stripTrailing().endsWith(":") && !text.startsWith(tool + ": ");
    }

    /** Returns whether PAM says that the account, or its password, is too old. */
    static boolean isExpiry(String line) {
        return begins(line, "Your account has expired", "You are required to change your password")
                || LOCKED.matcher(line).matches();
    }

    /** Returns whether a complaint says that PAM's own rules or modules are broken. */
    static boolean isBrokenPam(String text) {
        return BROKEN_PAM.matcher(text).find();
    }

    /** Returns whether a complaint is about the arguments. */
    static boolean isUsage(String text) {
        return begins(text, "invalid option", "unrecognized option", "option requires an argument", "usage: ");
    }

    final Reply.Failure accountRefused(String words) {
        return refused(Reason.ACCOUNT_REFUSED, tool + " refuses an account on the way to " + target, words);
    }

    final Reply.Failure notAllowed(String words) {
        return refused(Reason.NOT_ALLOWED, tool + " is not allowed to become " + target, words);
    }

    /** Returns that the program cannot work as it is set up; {@code how} says what to look at. */
    final Reply.Failure broken(String how, String words) {
        return refused(Reason.START_REFUSED, tool + " cannot work as it is set up on this machine; " + how, words);
    }

    final Reply.Failure argumentsRefused(String words) {
        return refused(
                Reason.START_REFUSED,
                tool + " does not accept its arguments: see " + method() + ".arguments; another version may lack one",
                words);
    }

    final Reply.Failure shellRefused(String words) {
        return refused(Reason.SHELL_REFUSED, "the login shell of " + target + " runs no commands", words);
    }

    /** Returns whether the line begins with one of these. */
    static boolean begins(String line, String... heads) {
        for (String head : heads) {
            if (line.startsWith(head)) {
                return true;
            }
        }
        return false;
    }
}
