// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.Nullable;
import io.mitogen.core.call.ConnectionMethod;

/**
 * A connection method that starts a process whose standard streams become the link: what {@code Local}, {@code Sudo} and
 * {@code Ssh} implement. A value: immutable, any thread. An implementation has a static method {@code fromOptions(Kwargs)}
 * that makes it again from {@link #options}.
 */
public interface LaunchMethod extends ConnectionMethod {
    /** Returns what every method has in common. */
    ContextOptions common();

    /** Returns the {@code java} program on the target that was chosen, or null to look for one there. */
    @Nullable
    String java();

    /** Returns the command that makes {@code boot} run where the context shall live, on the link's two ends as 0 and 1. */
    Launch launch(BootCommand boot);

    /** Returns the name of a context nobody named, whose process here is {@code pid}. */
    String defaultName(long pid);
}
