// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.load.ImageListener;

/** Where a context that passes modules on has them from. */
@BrokerThread
interface ImageSource {
    /** Calls {@code listener} once with the {@link PythonImage} at {@code path}, at once or when it comes, negative if it cannot. */
    void whenAvailable(String path, ImageListener listener);
}
