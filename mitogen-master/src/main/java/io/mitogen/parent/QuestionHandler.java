// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Secret;

/**
 * Answers what no option does: one-time codes, host keys. The user gives it. Called on a callback thread of the context that was
 * told to connect, one question of an attempt at a time; it may wait for a human being, while the attempt's time goes on.
 */
@FunctionalInterface
public interface QuestionHandler {
    /**
     * Answers a question.
     *
     * @return the answer without a line end; null to leave the question alone, which fails the attempt where a program insists
     */
    @Nullable
    Secret answer(Question question);
}
