// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.ssh;

import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Secret;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.parent.Dialogue;
import io.mitogen.parent.Question;
import io.mitogen.parent.Reply;

/** The talk with OpenSSH's client, which asks through its helper program only. */
final class SshDialogue implements Dialogue {
    private @Nullable Secret password; // null once it was given
    private boolean answered;

    SshDialogue(@Nullable Secret password) {
        this.password = password;
    }

    @Override
    public Reply onQuestion(Question question) {
        if (question.fromCommand() && question.text().endsWith("'s password: ")) {
            if (password != null) {
                Reply answer = new Reply.Answer(password);
                password = null;
                answered = true;
                return answer;
            }
            if (answered) {
                return new Reply.Failure(Reason.PASSWORD_WRONG, "the password was not accepted");
            }
        }
        return Reply.TO_USER;
    }
}
