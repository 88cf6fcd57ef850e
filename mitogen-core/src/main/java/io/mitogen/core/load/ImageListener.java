// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

/** Takes images one at a time: where a serving context sends them, or who waits for one without blocking. */
public interface ImageListener {
    /** Takes {@code image}, which may be a negative one. Must not wait: it may be called on the broker thread. */
    void onImage(ClassImage image);
}
