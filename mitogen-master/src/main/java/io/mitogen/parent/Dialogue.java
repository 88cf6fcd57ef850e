// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.Nullable;

/**
 * What the programs between a parent and its new context may ask and complain, and what that means. One for each attempt, until
 * the context is ready; it may remember what it answered.
 *
 * <p>A dialogue gives a secret only to the question that it answers, recognised exactly, and once. All methods run inside turns:
 * they wait for nothing.
 */
@BrokerThread
public interface Dialogue {
    /** Of a command that asks nothing and whose words mean nothing special. */
    Dialogue SILENT = new Dialogue() {};

    /** The command was started, as this process; called before anything it says. */
    default void onStarted(ProcessHandle process) {}

    /**
     * Text has come that no line end follows yet; it is offered again, longer, when more of it comes.
     *
     * @return {@link Reply#NOTHING} while it is no question that this dialogue knows, {@link Reply#DECLINED} when it is none that
     *     may be answered by anybody
     */
    default Reply onText(String text) {
        return Reply.NOTHING;
    }

    /** A line has come, without its end. */
    default Reply onLine(String line) {
        return Reply.NOTHING;
    }

    /** A program asked through {@link LaunchSite#askPass}; it waits for the answer. */
    default Reply onQuestion(Question question) {
        return Reply.TO_USER;
    }

    /**
     * The process has ended before the context was ready, or could not be started.
     *
     * @return why; null when nothing special tells
     */
    default @Nullable Reply.Failure onEnd(Ending ending) {
        return null;
    }

    /**
     * Tells whether the peer was certainly too busy and turned the attempt away before any login; then the same may be tried again
     * soon.
     */
    default boolean mayTryAgain(Ending ending) {
        return false;
    }
}
