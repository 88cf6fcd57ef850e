// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.wire;

/**
 * The numbered ports of a context. The numbers are Mitogen's own ({@code mitogen/core.py}, the constants that begin with
 * GET_MODULE); {@code docs/protocol.md} says what each one expects and answers.
 */
public final class Handles {
    /** No reply is wanted. */
    public static final int NONE = 0;

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

    /** In {@code reply_to}: the message is dead and its body says why. */
    public static final int DEAD = 999;

    /** The first number given to a handler that did not ask for one. */
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

    private Handles() {}

    /** Returns the name of a well-known handle, {@code #n} for any other. */
    public static String name(int handle) {
        int index = handle - GET_MODULE;
        return index >= 0 && index < NAMES.length ? NAMES[index] : "#" + Integer.toUnsignedString(handle);
    }
}
