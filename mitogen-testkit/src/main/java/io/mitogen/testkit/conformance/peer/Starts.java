// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.io.IOException;
import java.util.Optional;

/** How starting things of one kind went in this run: when none starts, or none any more, no case is to blame for it. One thread. */
public final class Starts {
    private static final int MANY = 3;

    private final String what;
    private boolean hasSucceeded;
    private int failures; // in a row
    private String reason; // of the last one

    /** @param what for people: a context, for example */
    public Starts(String what) {
        this.what = what;
    }

    /** What starts one of them. */
    public interface Start<T> {
        T run() throws Deviation, IOException;
    }

    /** Starts one of them, and notes how that went. */
    public <T> T attempt(Start<T> start) throws Deviation, IOException {
        try {
            T started = start.run();
            hasSucceeded = true;
            failures = 0;
            return started;
        } catch (Deviation | IOException e) {
            failures++;
            reason = e.getMessage();
            throw e;
        }
    }

    /** Returns why another attempt makes no sense. */
    public Optional<String> hopeless() {
        return failures >= (hasSucceeded ? MANY : 1)
                ? Optional.of("no " + what + " could be started: " + reason)
                : Optional.empty();
    }
}
