// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.Nullable;
import io.mitogen.core.buffer.Writable;
import java.util.Map;

/** How the process of one attempt becomes a context: there is a kind for each kind of program that a context may be. */
public interface Boot {
    /** Returns the command for the target. On a launch thread, once. */
    BootCommand command(String processName);

    /** Makes ready what will be sent, while the process starts. On a launch thread, after {@link #command}. */
    void prepare();

    /** Returns what the first stage is sent when it has announced itself. */
    @BrokerThread
    Writable program(String name, Map<String, Object> settings);

    /**
     * Returns what it means that the first stage, or the shell before it, gave up with an error line of this code and text; null
     * when it has no such code.
     */
    @BrokerThread
    @Nullable
    Reply.Failure refusal(String code, String text);
}
