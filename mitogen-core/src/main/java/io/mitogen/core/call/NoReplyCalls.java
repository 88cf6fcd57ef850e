// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import io.mitogen.core.Printable;

/**
 * Counts the calls of one context that have no reply and are not known to have run. Any thread.
 *
 * <p>A context runs its calls in the order in which they were sent, so the answer to one shows that those before it have run. If
 * the context goes first, they may be lost, and nobody else can say so.
 */
final class NoReplyCalls {
    private long sent; // guarded by this, as all below
    private long confirmed; // of those sent
    private @Nullable String last;

    /** Notes a call of {@code target} before it is sent; {@code what} says what is called where. */
    static void onSend(Context target, String what) {
        NoReplyCalls made;
        synchronized (target) {
            made = target.noReplyCalls;
            if (made == null) {
                made = new NoReplyCalls();
                target.noReplyCalls = made;
            }
        }
        made.add(what);
    }

    private synchronized void add(String what) {
        sent++;
        last = what;
    }

    /** Returns what {@link #onAnswer} needs when the next call to {@code target} is answered. */
    static long mark(Context target) {
        NoReplyCalls made = target.noReplyCalls;
        return made == null ? 0 : made.sent();
    }

    private synchronized long sent() {
        return sent;
    }

    /** {@code target} answered the call before which {@link #mark} returned {@code mark}. */
    static void onAnswer(Context target, long mark) {
        if (mark > 0) {
            target.noReplyCalls.confirm(mark);
        }
    }

    private synchronized void confirm(long count) {
        confirmed = Math.max(confirmed, count);
    }

    /** Forgets all calls: whoever tells a context to end gives up what it has not run. */
    synchronized void forget() {
        confirmed = sent;
    }

    /** Logs, once, that calls may not have run. Inside a turn. */
    void onGone(Context target, String reason) {
        String lost = takeLost();
        if (lost != null) {
            target.contexts().router().log().warning(Printable.indented(lost + ": " + reason));
        }
    }

    private synchronized @Nullable String takeLost() {
        long lost = sent - confirmed;
        forget();
        if (lost == 0) {
            return null;
        }
        return lost == 1
                ? "a call that nobody waits for may not have run, the " + last
                : lost + " calls that nobody waits for may not have run, the last one the " + last;
    }
}
