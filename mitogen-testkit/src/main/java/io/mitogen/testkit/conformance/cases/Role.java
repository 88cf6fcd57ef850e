// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

/** What the implementation is while a case runs. */
public enum Role {
    /** A child of the kit that has no children. */
    CHILD,

    /** A child of the kit that started children, which are the kit as well. */
    RELAY
}
