// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.concurrent;

import java.time.Duration;

/** An instant by which something must have happened; safe when the clock wraps. Immutable. */
public final class Deadline {
    /** As good as never: 146 years. */
    private static final long FOREVER_NS = Long.MAX_VALUE / 2;

    private final Clock clock;
    private final long atNs;

    private Deadline(Clock clock, long atNs) {
        this.clock = clock;
        this.atNs = atNs;
    }

    /** Returns the instant {@code timeout} from now; a negative one counts as now, one too long as {@link #never}. */
    public static Deadline after(Clock clock, Duration timeout) {
        long ns;
        try {
            ns = Math.min(FOREVER_NS, timeout.toNanos());
        } catch (ArithmeticException expected) { // longer than 292 years
            ns = timeout.isNegative() ? 0 : FOREVER_NS;
        }
        return new Deadline(clock, clock.nanoTime() + Math.max(0, ns));
    }

    /** Returns a deadline {@code timeout} from now on the clock of this JVM. */
    public static Deadline after(Duration timeout) {
        return after(Clock.SYSTEM, timeout);
    }

    /** Returns a deadline that does not come. */
    public static Deadline never() {
        return new Deadline(Clock.SYSTEM, Clock.SYSTEM.nanoTime() + FOREVER_NS);
    }

    /** Returns the nanoseconds left, 0 or less when over. */
    public long remainingNs() {
        return atNs - clock.nanoTime();
    }

    public boolean isOver() {
        return remainingNs() <= 0;
    }
}
