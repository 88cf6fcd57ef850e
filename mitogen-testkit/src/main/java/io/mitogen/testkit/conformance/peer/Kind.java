// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

/** Whose implementation is tested: what is known of it, and excused, depends on that. */
public enum Kind {
    /** This library. */
    JVM,

    /** Mitogen for Python. */
    PYTHON,

    /** Anything else: nothing is excused. */
    OTHER
}
