// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.relay;

import io.mitogen.core.Nullable;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.Policy;
import io.mitogen.core.wire.Message;

/**
 * Refuses messages above the length limit of a handle, before their body arrives. No context of this library sends such a message,
 * so it is logged as a violation. Immutable, any thread.
 */
public final class ShortMessages implements Policy {
    /** Limit for routes and for requests without a body, in bytes: room for a name, which is cut much earlier. */
    public static final int FEW_BYTES = 64 * 1024;

    private final String what;
    private final int maxBytes;
    private final @Nullable Policy other;

    /**
     * Makes a policy.
     *
     * @param what the start of the log line, up to the number of bytes, as "a DEL_ROUTE of"
     * @param other the policy for senders; null for none
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
                            "ignored " + what + " " + message.length() + " bytes, from " + from,
                            message);
        }
        return false;
    }
}
