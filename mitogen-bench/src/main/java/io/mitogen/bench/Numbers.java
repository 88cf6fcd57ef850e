// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench;

/** What the benchmarks call in contexts. Any thread. */
public final class Numbers {
    private Numbers() {}

    /** Returns the sum. */
    public static int add(int a, int b) {
        return a + b;
    }
}
