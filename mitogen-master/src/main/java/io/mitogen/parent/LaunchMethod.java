// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.Nullable;
import io.mitogen.core.call.ConnectionMethod;
import java.util.List;
import java.util.Set;

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

    /**
     * Returns the command that makes {@link LaunchSite#boot} run where the context shall live, on the link's two ends as 0 and
     * 1. Called once for each attempt, on a thread of its own.
     */
    Launch launch(LaunchSite site);

    /**
     * Returns the peers that limit connections without a login: the host, and the jump hosts on the way to it. On a launch thread;
     * may ask programs.
     */
    default Set<String> peers() {
        return Set.of();
    }

    /** Returns the name of a context nobody named, whose process here is {@code pid}. */
    String defaultName(long pid);

    /** Returns who answers what no option does, or null. It stays in the context where the user gave it. */
    default @Nullable QuestionHandler questionHandler() {
        return null;
    }

    /** Returns the classes of this method and its dialogue, where they lie in another package than Mitogen's own. */
    default List<Class<?>> parts() {
        return List.of();
    }

    /**
     * Returns this method as Python Mitogen has it, to be used by a context that is a Python interpreter; null when there is no
     * such method there.
     *
     * @throws IllegalArgumentException when an option was chosen that Python's method lacks
     */
    default @Nullable PythonMethod forPython() {
        return null;
    }
}
