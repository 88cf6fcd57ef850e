// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.wire;

/** Sees every frame that enters or leaves a router, for the wire log. Any thread; must not block or call back. */
public interface MessageTap {
    /** A frame came in on the link called {@code stream}; {@code frame} prints itself without its body. */
    void onReceived(String stream, Object frame);

    /** A frame was queued for the link called {@code stream}. */
    void onSent(String stream, Object frame);
}
