// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

/** A case has nothing to look at in this implementation; says why. */
public final class NotApplicable extends Exception {
    private static final long serialVersionUID = 1L;

    NotApplicable(String reason) {
        super(reason);
    }
}
