// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.connect;

import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Secret;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.parent.Reply;

/** The talk with su. */
final class SuDialogue extends EscalationDialogue {
    /*
     * Its question is nothing special, and what somebody's profile prints may be the very same. But su runs that account's
     * shell only once nothing is left to ask. So a question after that is not su's. Where that cannot be found out (SuProcess), only
     * the first question is answered: su asks before a profile can. For root none is answered, since su asks root nothing.
     */
    private static final String QUESTION = "Password: ";

    private static final String NOT_ROOT =
            "; su did not run as root, so no password could be right: it is not setuid, its file"
                    + " system is mounted with nosuid, or this process may get no new privileges";

    private @Nullable SuProcess su;
    private boolean hasAsked; // while the speaker was unknown
    private boolean powerless; // when it asked for the password
    private String lastLine = "";

    SuDialogue(String target, @Nullable Secret password, boolean asksUser) {
        super("su", target, password, asksUser);
    }

    @Override
    public void onStarted(ProcessHandle process) {
        su = new SuProcess(process);
    }

    @Override
    public Reply onText(String text) {
        boolean isQuestion = text.equals(QUESTION);
        SuProcess.Speaker speaker = su == null ? SuProcess.Speaker.SU : su.speaker();
        if (speaker == SuProcess.Speaker.SHELL) {
            return Reply.DECLINED; // to whoever asks, it is not su
        }
        if (!isQuestion && !seemsToAsk(text)) {
            return Reply.NOTHING;
        }
        if (speaker == SuProcess.Speaker.UNKNOWN && !isFirstQuestion()) {
            return isQuestion ? unanswerable(text, su.obstacle()) : Reply.DECLINED;
        }
        if (isQuestion && !hasAnswered()) {
            powerless = su != null && su.isPowerless();
            return answer(text);
        }
        if (isQuestion) {
            return wrong(": it asks again");
        }
        if (text.equals("Current password: ")) { // to set a new one
            return accountRefused(lastLine);
        }
        return Reply.TO_USER;
    }

    /** Tells whether an unknown speaker is su: the first question is its own, unless its caller is root. */
    private boolean isFirstQuestion() {
        boolean isFirst = !hasAsked;
        hasAsked = true;
        return isFirst && !su.isCalledByRoot();
    }

    private static Reply unanswerable(String text, String obstacle) {
        return new Reply.Failure(
                Reason.QUESTION_UNANSWERED,
                "it asks \"" + text.strip()
                        + "\", and nobody can tell whether that is su or a program of the account, so it got no answer: "
                        + obstacle + "; or use Sudo, which does not need that");
    }

    @Override
    public Reply onLine(String line) {
        lastLine = line;
        return Reply.NOTHING;
    }

    @Override
    @Nullable
    Reply.Failure meaningOf(String line) {
        if (isExpiry(line) || line.startsWith("Unknown id: ")) {
            return accountRefused(line);
        }
        if (line.equals("This account is currently not available.")) {
            return shellRefused(line);
        }
        return line.startsWith("su: ") ? meaningOfComplaint(line, line.substring("su: ".length())) : null;
    }

    private @Nullable Reply.Failure meaningOfComplaint(String line, String text) {
        if (begins(text, "user ", "group ") && text.contains(" does not exist")
                || begins(text, "unknown user", "No passwd entry", "User account has expired", "Account expired")
                || begins(text, "Authentication token", "User not known to")) {
            return accountRefused(line);
        }
        if (begins(text, "Authentication failure", "incorrect password", "Sorry", "Have exhausted maximum number")) {
            return powerless ? notAllowed(line + NOT_ROOT) : refusal(line);
        }
        if (isBrokenPam(text) || text.startsWith("pam_")) {
            return broken("root can mend PAM's rules for su, in /etc/pam.d", line);
        }
        if (begins(text, "cannot open session", "failed to establish user credentials", "Failure setting user cred")) {
            return notAllowed(
                    line + "; PAM's session rules for su refuse, a limit of logins perhaps: see the host's log");
        }
        if (isUsage(text)) {
            return argumentsRefused(line);
        }
        if (begins(text, "must be run from a terminal")) {
            return refused(Reason.TERMINAL_REQUIRED, "this su wants its standard input to be a terminal", line);
        }
        if (begins(text, "failed to execute", "cannot run ", "can't execute")) {
            return shellRefused(line);
        }
        if (text.endsWith(": Resource temporarily unavailable")) {
            return null; // not a rule, but a shortage
        }
        return begins(text, "Permission denied", "cannot set ", "must be suid", "Cannot determine your user name")
                        || begins(text, "not running setuid", "can't set ")
                ? notAllowed(line)
                : null;
    }

    private Reply.Failure refusal(String line) {
        return hasAnswered() ? wrong(", or the account is locked: " + line) : notAllowed(line);
    }

    @Override
    Reply.Failure meaningOfSilence() {
        return shellRefused("it ended without a word");
    }

    @Override
    String packages() {
        return "util-linux (login, in older Debian releases)";
    }
}
