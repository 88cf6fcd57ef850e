// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.served;

import java.lang.reflect.InvocationTargetException;

/** A class that a context has from the kit. */
public final class Served {
    private Served() {}

    public static String answer() {
        return "served";
    }

    /**
     * Calls something in {@code context} and returns why it failed.
     *
     * @param context of the library in the context; the kit itself is compiled without it
     */
    public static String waitFor(Object context) throws ReflectiveOperationException {
        try {
            return "answered with "
                    + context.getClass()
                            .getMethod("call", String.class, String.class, Object[].class)
                            .invoke(context, "kit", "never", new Object[0]);
        } catch (InvocationTargetException e) {
            return String.valueOf(e.getCause().getMessage());
        }
    }
}
