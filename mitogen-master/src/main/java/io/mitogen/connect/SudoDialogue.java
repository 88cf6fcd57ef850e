// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.connect;

import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Secret;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.parent.Dialogue;
import io.mitogen.parent.Ending;
import io.mitogen.parent.Reply;

/**
 * The talk with sudo. Its question for the password is one that this attempt chose, so nothing else can be taken for it,
 * whatever the language.
 */
final class SudoDialogue implements Dialogue {
    private final String prompt;
    private final String user;
    private @Nullable Secret password; // null once it was given
    private boolean answered;

    SudoDialogue(String prompt, @Nullable Secret password, String user) {
        this.prompt = prompt;
        this.password = password;
        this.user = user;
    }

    @Override
    public Reply onText(String text) {
        if (!text.endsWith(prompt)) {
            return Reply.NOTHING;
        }
        if (password != null) {
            Reply answer = new Reply.Answer(password);
            password = null;
            answered = true;
            return answer;
        }
        return answered
                ? new Reply.Failure(Reason.PASSWORD_WRONG, "sudo did not accept the password")
                : new Reply.Failure(
                        Reason.PASSWORD_REQUIRED, "sudo wants a password, and none was given: see Sudo.password");
    }

    @Override
    public @Nullable Reply.Failure onEnd(Ending ending) {
        for (String line : ending.heard()) {
            if (line.contains("is not in the sudoers file") || line.contains("is not allowed to execute")) {
                return new Reply.Failure(
                        Reason.NOT_ALLOWED, "sudo's rules do not allow it to become " + user + ": " + line);
            }
        }
        return null;
    }
}
