// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import java.util.List;

/**
 * The step to a context that is not up yet. Immutable.
 *
 * @param method how it is reached, printed
 * @param from who connects it: a context's name
 * @param path all steps, from this process to the new context
 */
record Hop(String method, String from, String path) {
    static final String ARROW = " -> ";

    /** Returns the hop that a context of this path makes. */
    static Hop of(String method, String from, String pathSoFar) {
        return new Hop(method, from, pathSoFar + ARROW + method);
    }

    ConnectException failure(ConnectException.Reason reason, String text, List<String> lastLines) {
        return new ConnectException(reason, this, text, lastLines, null);
    }

    /** Returns the failure of an attempt that another context should have made and refused to. */
    ConnectException refusal(Throwable cause) {
        return new ConnectException(
                ConnectException.Reason.START_REFUSED,
                this,
                "that context could not begin: " + cause.getMessage(),
                List.of(),
                cause);
    }

    @Override
    public String toString() {
        return path;
    }
}
