// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.relay;

import io.mitogen.core.Nullable;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.Policy;
import io.mitogen.core.wire.Message;

/**
 * Refuses what is longer than a message to a handle can be, before its body has come. No context of this library sends that, so
 * nobody waits for an answer. Immutable, any thread.
 */
public final class ShortMessages implements Policy {
    /** The most that news of a route, and requests without a body, may have: a name, which is cut much earlier. */
    public static final int FEW_BYTES = 64 * 1024;

    private final String what;
    private final int maxBytes;
    private final @Nullable Policy other;

    /**
     * Makes a policy.
     *
     * @param what says in the log what was refused, up to the number of bytes
     * @param other who may send; null for anybody
     */
    public ShortMessages(String what, int maxBytes, @Nullable Policy other) {
        this.what = what;
        this.maxBytes = maxBytes;
        this.other = other;
    }

    @Override
    public boolean allows(Message message, @Nullable Link from) {
        if (other != null && !other.allows(message, from)) {
            return false;
        }
        if (message.length() <= maxBytes) {
            return true;
        }
        if (from != null) {
            from.log()
                    .violation(
                            "requests that are too long",
                            "ignored " + what + " " + message.length() + " bytes, from " + from);
        }
        return false;
    }
}
