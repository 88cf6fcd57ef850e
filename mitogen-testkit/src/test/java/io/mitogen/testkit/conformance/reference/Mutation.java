// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.reference;

/** What the small implementation does wrong. */
public enum Mutation {
    NONE,
    /** That all is there is said before it is. */
    EARLY_MARKER,
    /** Answers to calls carry the authority of the master. */
    WRONG_AUTH,
    /** Answers to calls come from the parent, if you believe them. */
    WRONG_SRC,
    /** Handles are read as signed numbers; what is negative is dropped. */
    SIGNED_HANDLES,
    /** Only the second byte of a header is looked at. */
    HALF_MAGIC,
    /** The limit itself is too large. */
    LIMIT_EXCLUSIVE,
    /** The limit is looked at when the body is there. */
    LIMIT_LATE,
    /** A dead message about a route does not say who writes. */
    WRONG_DEAD_TEXT,
    /** Dead messages are answered. */
    ANSWERS_DEAD,
    /** A global that makes folders is called before it is refused. */
    CALLS_GLOBAL,
    /** Whoever sends it may end the context. */
    NO_SHUTDOWN_POLICY,
    /** A chain does not remember. */
    FORGETFUL_CHAINS,
    /** Log records go to the parent. */
    LOGS_TO_PARENT,
    /** What is not there is asked for every time. */
    ASKS_AGAIN,
    /** The end tells of a failure. */
    EXIT_STATUS,
    /** Frames between children pass in unidirectional mode. */
    IGNORES_DIRECTION,
    /** The source of a frame is not looked at. */
    TRUSTS_SRC,
    /** The authority of a frame is not looked at. */
    TRUSTS_AUTH,
    /** Children do not hear of contexts that are gone. */
    KEEPS_ROUTE_LOSS_TO_ITSELF,
    /** A module is sent before those that it needs. */
    RELATED_LAST,
    /** Each child's request goes up. */
    FORWARDS_TWICE,
    /** Anybody may answer. */
    ANY_RESPONDENT,
    /** A call that takes long runs beside those that come after it. */
    SIDE_BY_SIDE,
    /** A frame that would leave on the link of a child that it came on is dropped. */
    NEVER_BACK,
    /** What has no route goes to the parent, also what came from there. */
    BACK_TO_PARENT,
    /** A route without a name is ignored. */
    NAMED_ROUTES_ONLY,
    /** Related modules are sent each time. */
    RELATED_TWICE,
    /** Who waits for a context that is gone is not told. */
    LEAVES_WAITING,
    /** Named arguments are not looked at. */
    NO_NAMES,
    /** Answers to calls go to the context whose authority they had. */
    ANSWERS_AUTHORITY,
    /** A dead message ends the context, whichever handle it is for. */
    ENDS_WHEN_TOLD_OF_AN_END,
    /** Processes of children whose links are lost are left alone. */
    LEAVES_CHILDREN
}
