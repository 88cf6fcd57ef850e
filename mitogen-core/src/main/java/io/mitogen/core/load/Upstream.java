// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

/** The way to the parent, as the importer needs it. Any thread. */
public interface Upstream {
    /**
     * Sends the request for {@code path} to the parent (GET_MODULE) and returns without waiting for the answer, which
     * comes through {@link Importer#onImage}. Throws a {@link RuntimeException} when nothing can be sent any more.
     */
    void request(String path);

    /** False within a turn of the broker: whoever waited there would wait for itself. */
    boolean mayWait();
}
