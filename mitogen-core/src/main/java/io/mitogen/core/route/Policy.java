// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import io.mitogen.core.Nullable;
import io.mitogen.core.wire.Message;

/** Who may send to a handle. Applied to dead messages as well, as in Python. */
public interface Policy {
    /** Only the context at the other end of the link itself: neither its children nor anybody beyond. */
    Policy IMMEDIATE_PEER = new Policy() {
        @Override
        public boolean allows(Message message, @Nullable Link from) {
            return from != null && message.src() == from.peerId();
        }
    };

    /** Returns the policy that obeys this context and its ancestors only. */
    static Policy parentAuthority(Identity identity) {
        return new Policy() {
            @Override
            public boolean allows(Message message, @Nullable Link from) {
                return identity.isSelfOrParent(message.auth());
            }
        };
    }

    /** Tells whether {@code message}, come by {@code from} (null: sent here), may be handled. */
    boolean allows(Message message, @Nullable Link from);
}
