// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.time.Duration;

/** Times that the protocol itself allows. A case waits for them and, on top, for as long as the user has patience. */
public final class Limits {
    /** What a context may take to end: its children have three seconds (section 16.1). */
    public static final Duration END = Duration.ofSeconds(3);

    /** What a start may take on a busy machine: a third of what parents wait unless told otherwise (section 13.1). */
    static final Duration START = Duration.ofSeconds(10);

    /** What a parent may take to end the process of a child whose link is lost: KILL comes after a second (section 16.3). */
    public static final Duration REAP = Duration.ofMillis(1100);

    private Limits() {}
}
