// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

/** Handles with a meaning, as Mitogen for Python numbers them. */
public final class Handle {
    public static final int GET_MODULE = 100;
    public static final int CALL_FUNCTION = 101;
    public static final int FORWARD_LOG = 102;
    public static final int ADD_ROUTE = 103;
    public static final int DEL_ROUTE = 104;
    public static final int ALLOCATE_ID = 105;
    public static final int SHUTDOWN = 106;
    public static final int LOAD_MODULE = 107;
    public static final int FORWARD_MODULE = 108;
    public static final int DETACHING = 109;
    public static final int CALL_SERVICE = 110;
    public static final int STUB_CALL_SERVICE = 111;
    public static final int GET_RESOURCE = 112;
    public static final int LOAD_RESOURCE = 113;

    /** The first that a context gives out itself. */
    public static final int FIRST_DYNAMIC = 1000;

    private static final String[] NAMES = {
        "GET_MODULE",
        "CALL_FUNCTION",
        "FORWARD_LOG",
        "ADD_ROUTE",
        "DEL_ROUTE",
        "ALLOCATE_ID",
        "SHUTDOWN",
        "LOAD_MODULE",
        "FORWARD_MODULE",
        "DETACHING",
        "CALL_SERVICE",
        "STUB_CALL_SERVICE",
        "GET_RESOURCE",
        "LOAD_RESOURCE"
    };

    private Handle() {}

    /** Returns the name that the specification gives it; empty for a handle that somebody gave out. */
    static String name(int handle) {
        return handle >= GET_MODULE && handle <= LOAD_RESOURCE ? NAMES[handle - GET_MODULE] : "";
    }

    /** Tells whether messages to it have plain text as their body. */
    static boolean isText(int handle) {
        return switch (handle) {
            case GET_MODULE, FORWARD_LOG, ADD_ROUTE, DEL_ROUTE, FORWARD_MODULE -> true;
            default -> false;
        };
    }
}
