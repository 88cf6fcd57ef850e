// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;

/** What a {@link Select} can wait on: receivers and other selects. Any thread. */
public interface Selectable {
    /** Takes the next value, of which {@link Select#onItem} told; throws what waiting for it would throw. */
    @Nullable
    Object take();

    /** Makes {@code select} the owner, or fails when there is one. Returns the number of items that are here already. */
    int claim(Select select);

    /** Gives up the owner. */
    void release();
}
