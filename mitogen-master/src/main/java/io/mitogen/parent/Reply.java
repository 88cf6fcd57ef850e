// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Secret;

/** What a {@link Dialogue} makes of something it heard. Immutable. */
public sealed interface Reply {
    /** It means nothing. */
    Reply NOTHING = new Nothing();

    /**
     * It is a question that only the user's {@link QuestionHandler} can answer, in the words that were heard. Of text without a
     * line end: it looks like one, and is one when nothing more comes, as programs write their complaints in pieces, too.
     */
    Reply TO_USER = new ToUser(null);

    /** It is a question that this dialogue leaves without an answer; the program goes on in another way. */
    Reply DECLINED = new Declined();

    /** Nothing that asks for a reply. */
    record Nothing() implements Reply {}

    /** A question for the user, which must be answered for the attempt to go on; null for the words that were heard. */
    record ToUser(@Nullable String question) implements Reply {}

    /** No answer, though it is a question. */
    record Declined() implements Reply {}

    /** The answer to the question that was heard, without a line end. */
    record Answer(Secret text) implements Reply {}

    /** The attempt has failed; {@code text} says what was found and what helps. */
    record Failure(ConnectException.Reason reason, String text) implements Reply {}
}
