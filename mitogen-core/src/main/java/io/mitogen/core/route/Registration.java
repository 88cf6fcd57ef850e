// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import io.mitogen.core.Nullable;
import io.mitogen.core.wire.Message;
import java.util.Arrays;

/** A handler with the rules of its handle. Immutable; each method returns a copy with one more rule. */
public final class Registration {
    /** In place of a respondent's id: anybody may answer. */
    static final long ANYBODY = -1;

    final MessageHandler handler;
    final int handle;
    final boolean oneShot;
    final long respondent;
    final boolean overwriting;
    final @Nullable Policy policy;

    private Registration(
            MessageHandler handler,
            int handle,
            boolean oneShot,
            long respondent,
            boolean overwriting,
            @Nullable Policy policy) {
        this.handler = handler;
        this.handle = handle;
        this.oneShot = oneShot;
        this.respondent = respondent;
        this.overwriting = overwriting;
        this.policy = policy;
    }

    /** Returns a lasting handler for anybody on a handle of the router's choice. */
    public static Registration of(MessageHandler handler) {
        return new Registration(handler, 0, false, ANYBODY, false, null);
    }

    /** Returns a handler for one answer of one context: what every call registers. */
    public static Registration reply(MessageHandler handler, int respondent) {
        return new Registration(handler, 0, true, Integer.toUnsignedLong(respondent), false, null);
    }

    /** On a handle of its own instead of one of the router's choice. */
    public Registration on(int handle) {
        return new Registration(handler, handle, oneShot, respondent, overwriting, policy);
    }

    /** Only for messages that the policy allows; others are answered with a dead message. */
    public Registration policy(Policy policy) {
        return new Registration(handler, handle, oneShot, respondent, overwriting, policy);
    }

    /** Only for messages of one context; when it goes, a dead message comes and the handler is removed. */
    public Registration respondent(int contextId) {
        return new Registration(handler, handle, oneShot, Integer.toUnsignedLong(contextId), overwriting, policy);
    }

    /**
     * Tells whether {@code message}, come by {@code in}, may be for this handler: it is one of the respondent, or a dead one of a
     * context on the way to it. Any relay there may say that it cannot be reached, but no other context, or one could end
     * the calls of its siblings.
     */
    boolean mayBeAnswered(Message message, @Nullable Link in, Router router) {
        return respondent == ANYBODY
                || respondent == Integer.toUnsignedLong(message.src())
                || message.isDead() && router.isOnTheWay(message.src(), (int) respondent, in);
    }

    /** Tells whether the respondent is one of {@code contextIds}, which are ascending. */
    boolean waitsFor(int[] contextIds) {
        return respondent != ANYBODY && Arrays.binarySearch(contextIds, (int) respondent) >= 0;
    }

    /** Instead of the handler that may be there already. */
    public Registration overwriting() {
        return new Registration(handler, handle, oneShot, respondent, true, policy);
    }
}
