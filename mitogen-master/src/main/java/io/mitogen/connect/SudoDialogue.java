// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.connect;

import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Secret;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.parent.Reply;
import java.util.regex.Pattern;

/** The talk with sudo, or with sudo-rs. */
final class SudoDialogue extends EscalationDialogue {
    /*
     * Its question is one that this attempt chose, with a word that nobody else knows, so nothing else can be taken for it,
     * whatever the language. sudo puts a name in the place of %p: a line that only repeats sudo's arguments has no name there.
     * sudo-rs leaves %p as it is and writes "[sudo: PROMPT] Password: ".
     *
     * It stands for PAM's "Password:" only, so other questions of PAM, as for a code, are the user's; unless sudoers has
     * passprompt_override: then sudo uses the same prompt for all of them. Words between the first question and the second
     * mean that the answer was wrong; mostly they are those of AGAIN, but sudoers may choose others.
     */
    private static final String AGAIN = "Sorry, try again.";

    private static final String REMEDY =
            "root can check its rules with visudo -c, and see sudo.conf and PAM's rules for sudo";

    /** Pages of it. */
    private static final String COMMAND_FOLLOWS = " is not allowed to execute '";

    /** A line that the rules have and that sudo cannot read: it goes on without, and so may refuse whom the line would allow. */
    private static final Pattern UNREADABLE_RULE = Pattern.compile(
            "(?:>>> |sudo: )?(?:\\S+:\\d+:\\d+: .*|.*sudoers.*(?:syntax|parse) error.*|(?:syntax|parse) error .*sudoers.*)");

    private static final Pattern UNSAFE_FILE = Pattern.compile(
            ".* (?:is (?:world|group) writable|is owned by [ug]id \\d+, should be .*|is mode \\d+, should be .*"
                    + "|is not a regular file|must be owned by uid 0|must be only be writable by owner)");

    private final boolean login;
    private final String nonce;
    private final Pattern question;
    private final String questionOfSudoRs;
    private String lastLine = ""; // since the last question
    private String unreadable = ""; // the first rule that sudo cannot read

    SudoDialogue(String nonce, String target, @Nullable Secret password, boolean asksUser, boolean login) {
        super("sudo", target, password, asksUser);
        this.login = login;
        this.nonce = " [" + nonce + "]";
        this.question = Pattern.compile("\\[sudo\\] password for [^%]+" + Pattern.quote(this.nonce + ": ") + "\\z");
        this.questionOfSudoRs = "[sudo: " + prompt(nonce) + "] Password: ";
    }

    /** Returns what to give sudo as {@code SUDO_PROMPT}. */
    static String prompt(String nonce) {
        return "[sudo] password for %p [" + nonce + "]: ";
    }

    @Override
    public Reply onText(String text) {
        boolean isQuestion =
                text.endsWith(nonce + ": ") && question.matcher(text).find() || text.equals(questionOfSudoRs);
        if (!isQuestion) {
            return !login && !asksUser() && seemsToAsk(text) ? Reply.TO_USER : Reply.NOTHING; // which fails the attempt
        }
        String said = lastLine;
        lastLine = "";
        return hasAnswered() ? onFurtherQuestion(text, said) : answer(readable(text));
    }

    private String readable(String text) {
        return text.replace(nonce, "");
    }

    private Reply onFurtherQuestion(String text, String said) {
        if (said.equals(AGAIN) || !said.isEmpty() && !asksUser()) {
            return wrong(": " + said);
        }
        if (asksUser()) {
            return new Reply.ToUser(said + (said.isEmpty() ? "" : "\n") + readable(text));
        }
        return new Reply.Failure(
                Reason.QUESTION_UNANSWERED,
                "sudo wants more than the password, a one-time code perhaps, and there is nobody to ask: see"
                        + " Sudo.questions");
    }

    @Override
    public Reply onLine(String line) {
        if (!line.isBlank()) {
            lastLine = line;
        }
        int command = line.startsWith("Sorry, user ") ? line.indexOf(COMMAND_FOLLOWS) : -1;
        if (command >= 0) {
            return notAllowed(line.substring(0, command) + " is not allowed to execute this command");
        }
        // it would ask for the old password next, to set a new one
        return line.startsWith("sudo: Account or password is expired") ? accountRefused(line) : Reply.NOTHING;
    }

    @Override
    @Nullable
    Reply.Failure meaningOf(String said) {
        String line = said.startsWith("sudo-rs: ") ? "sudo: " + said.substring("sudo-rs: ".length()) : said;
        if (UNREADABLE_RULE.matcher(line).matches()) {
            unreadable = unreadable.isEmpty() ? line : unreadable;
            return null;
        }
        boolean unknown =
                line.endsWith(" is not in the sudoers file.") || line.contains(" is not in the sudoers file. ");
        if (unknown || line.startsWith("Sorry, user ")) {
            return unreadable.isEmpty() ? notAllowed(line) : unreadableRules();
        }
        if (line.startsWith("sudo: ")) {
            return meaningOfComplaint(line, line.substring("sudo: ".length()));
        }
        if (line.startsWith("usage: sudo ")) {
            return argumentsRefused(line);
        }
        return line.equals("This account is currently not available.") ? shellRefused(line) : null;
    }

    private Reply.Failure unreadableRules() {
        return broken(REMEDY, unreadable);
    }

    @Override
    @Nullable
    Reply.Failure meaningOfRest() {
        return unreadable.isEmpty() ? null : unreadableRules();
    }

    private @Nullable Reply.Failure meaningOfComplaint(String line, String text) {
        if (text.contains("must have a tty") || begins(text, "no tty present", "a terminal is required")) {
            return refused(Reason.TERMINAL_REQUIRED, "sudo wants a terminal: see Sudo.terminal", line);
        }
        if (begins(
                        text,
                        "sorry, you are not allowed",
                        "you are not permitted to",
                        "you are not allowed to",
                        "I'm sorry ")
                || begins(text, "The \"no new privileges\" flag is set", "effective uid is not 0")
                || text.endsWith("must be owned by uid 0 and have the setuid bit set")) {
            return notAllowed(line);
        }
        if (begins(text, "unable to change to ", "unable to set runas ", "unable to send audit message")
                && text.endsWith(": Operation not permitted")) {
            return notAllowed(line + "; root has too few capabilities in this container or namespace");
        }
        if (isBroken(text)) {
            return broken(REMEDY, line);
        }
        if (isUsage(text) || text.contains(" may only be ")) {
            return argumentsRefused(line);
        }
        if (begins(
                        text,
                        "unknown user",
                        "unknown uid",
                        "unknown group",
                        "you do not exist in the passwd database",
                        "account validation")
                || begins(text, "Account expired", "Password expired", "PAM account management error")
                || text.startsWith("user ") && text.endsWith(" not found")) {
            return accountRefused(line);
        }
        if (begins(text, "no password was provided", "a password is required", "interactive authentication is required")
                || text.contains(" incorrect password")
                || text.contains(" incorrect authentication attempt")) {
            return hasAnswered()
                    ? wrong(": " + line)
                    : refused(Reason.PASSWORD_REQUIRED, "sudo was not given a password", line);
        }
        return login && (text.endsWith(": command not found") || text.startsWith("unable to execute "))
                ? shellRefused(line)
                : null;
    }

    /** Tells whether the configuration of sudo, of its plugins or of PAM is what fails. */
    private static boolean isBroken(String text) {
        return begins(
                        text,
                        "no valid sudoers sources found",
                        "unable to open /etc/",
                        "unable to stat /etc/",
                        "error in /")
                || begins(text, "unable to load /", "unable to find symbol", "fatal error, unable to load plugins")
                || begins(
                        text, "unable to initialize ", "error initializing ", "policy plugin ", "invalid configuration")
                || begins(text, "PAM authentication error", "unable to get defaults from", "unable to allocate pty")
                || UNSAFE_FILE.matcher(text).matches()
                || isBrokenPam(text);
    }

    @Override
    @Nullable
    Reply.Failure meaningOfSilence() {
        return login ? shellRefused("it ended without a word") : null;
    }

    @Override
    String packages() {
        return "sudo";
    }
}
