// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.connect;

import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Secret;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.parent.Reply;
import java.util.regex.Pattern;

/** The talk with doas, which asks on a terminal. */
final class DoasDialogue extends EscalationDialogue {
    private static final int SHOWN = 32; // characters of a name

    private static final Pattern BROKEN = Pattern.compile(
            ".* is not owned by root|.* is writable by group or other|.*: .* at line \\d+|syntax error.*");

    private final Pattern question;
    private String lastLine = "";

    /** @param own the account that runs doas, which its question names */
    DoasDialogue(String own, String target, @Nullable Secret password, boolean asksUser) {
        super("doas", target, password, asksUser);
        String shown = own.substring(0, Math.min(own.length(), SHOWN));
        this.question = Pattern.compile("\\r?doas \\(" + Pattern.quote(shown) + "@[^()\\s]*\\) password: ");
    }

    @Override
    public Reply onText(String text) {
        if (question.matcher(text).matches()) {
            return hasAnswered() ? wrong(": it asks again") : answer(text.strip() + " ");
        }
        if (!hasAnswered() || !seemsToAsk(text)) {
            return Reply.NOTHING;
        }
        if (text.equals("Current password: ") && isExpiry(lastLine)) { // to set a new one
            return accountRefused(lastLine);
        }
        return asksUser() ? Reply.NOTHING : Reply.TO_USER;
    }

    @Override
    public Reply onLine(String line) {
        lastLine = line;
        return Reply.NOTHING;
    }

    @Override
    @Nullable
    Reply.Failure meaningOf(String line) {
        if (isExpiry(line)) {
            return accountRefused(line);
        }
        if (!line.startsWith("doas: ")) {
            return line.startsWith("usage: doas ") ? argumentsRefused(line) : null;
        }
        String text = line.substring("doas: ".length());
        if (begins(
                text,
                "Operation not permitted",
                "doas is not enabled",
                "not installed setuid",
                "initgroups",
                "setres")) {
            return notAllowed(line);
        }
        if (BROKEN.matcher(text).matches() || isBrokenPam(text) || begins(text, "pam", "could not open config file")) {
            return broken("root can check its rules with doas -C /etc/doas.conf, and PAM's rules for doas", line);
        }
        if (isUsage(text)) {
            return argumentsRefused(line);
        }
        if (begins(text, "Authentication required", "Authorization required")) {
            return refused(
                    Reason.PASSWORD_REQUIRED, "doas wants a password, and none was given: see Doas.password", line);
        }
        if (begins(text, "Authentication failed", "Authorization failed")) {
            return hasAnswered() ? wrong(", or the account is locked or has expired: " + line) : notAllowed(line);
        }
        if (begins(text, "a tty is required")) {
            return refused(Reason.TERMINAL_REQUIRED, "doas wants a terminal", line);
        }
        return begins(text, "unknown user") ? accountRefused(line) : null;
    }

    @Override
    String packages() {
        return "opendoas (doas, on some systems)";
    }
}
