// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.pickle.Secret;

/** What a {@link Dialogue} makes of something it heard. Immutable. */
public sealed interface Reply {
    /** It means nothing. */
    Reply NOTHING = new Unknown(false);

    /** It is a question that this dialogue cannot answer: the user's {@link QuestionHandler} may. */
    Reply TO_USER = new Unknown(true);

    /** It is a question that this dialogue leaves without an answer; the program goes on in another way. */
    Reply DECLINED = new Declined();

    /** Nothing to answer from here; {@code question} tells whether it is a question at all. */
    record Unknown(boolean question) implements Reply {}

    /** A question that only the user can answer, in words for the user; it must be answered for the attempt to go on. */
    record ToUser(String question) implements Reply {}

    /** No answer, though it is a question. */
    record Declined() implements Reply {}

    /** The answer to the question that was heard, without a line end. */
    record Answer(Secret text) implements Reply {}

    /** The attempt has failed; {@code text} says what was found and what helps. */
    record Failure(ConnectException.Reason reason, String text) implements Reply {}
}
