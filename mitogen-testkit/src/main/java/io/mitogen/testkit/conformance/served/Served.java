// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.served;

/** A class that a context has from the kit. */
public final class Served {
    private Served() {}

    public static String answer() {
        return "served";
    }
}
