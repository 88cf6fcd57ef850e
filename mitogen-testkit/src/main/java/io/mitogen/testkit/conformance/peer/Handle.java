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

    private Handle() {}
}
