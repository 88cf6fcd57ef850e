// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

/** What the implementation is while a case runs. */
public enum Role {
    /** A child of the kit that has no children. */
    CHILD,

    /** A child of the kit that started children, which are the kit as well. */
    RELAY,

    /** The parent of the kit. */
    PARENT,

    /** The parent of the kit, in the last thing that happens on their link: one such case for each link. */
    PARENT_AT_END,

    /** A listener at a unix socket, whose client is the kit. */
    LISTENER
}
