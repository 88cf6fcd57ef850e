// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.wire;

/** The name of something outside of a pickle; the kit never looks for what it names. */
public record Global(String module, String name) {
    /** Module of the types that Mitogen itself sends. */
    public static final String CORE = "mitogen.core";

    public static final Global KWARGS = new Global(CORE, "Kwargs");
    public static final Global CALL_ERROR = new Global(CORE, "_unpickle_call_error");
    public static final Global CONTEXT = new Global(CORE, "_unpickle_context");
    public static final Global SENDER = new Global(CORE, "_unpickle_sender");
    public static final Global BLOB = new Global(CORE, "Blob");
    public static final Global SECRET = new Global(CORE, "Secret");
}
