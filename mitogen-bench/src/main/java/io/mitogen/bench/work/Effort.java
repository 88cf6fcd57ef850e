// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.work;

/** How much is done for a figure. */
public enum Effort {
    /** So little that the figures say nothing, but each workload has run. */
    SMOKE,
    /** Three minutes for all, on two cores. */
    QUICK,
    /** As long as good figures need. */
    FULL;

    /** Returns the number for this effort. */
    int of(int smoke, int quick, int full) {
        return switch (this) {
            case SMOKE -> smoke;
            case QUICK -> quick;
            case FULL -> full;
        };
    }
}
