// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.shipped;

/**
 * A function that needs more than 500 classes of a real library, Apache Commons Math: it visits many of its corners and computes a
 * little in each. Main thread of a context.
 */
public final class Mathematics {
    private Mathematics() {}

    /** Returns a sum over all corners, which is the same wherever it is computed. */
    public static double everything() throws Exception {
        return Numerics.sum() + Calculus.sum() + Chance.sum() + Shapes.sum() + Search.sum();
    }
}
