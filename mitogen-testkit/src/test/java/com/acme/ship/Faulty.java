// SPDX-License-Identifier: BSD-3-Clause
package com.acme.ship;

import java.util.Locale;

/** Classes that cannot be had, or not used, in a context; and what they look like to code that needs them. */
public final class Faulty {
    private Faulty() {}

    /** Denied by a rule of the test. */
    static final class Denied {
        static final String NAME = "denied".toUpperCase(Locale.ROOT);
    }

    /** Cannot be initialised. */
    static final class Fails {
        static final int VALUE = Integer.parseInt("no number");
    }

    /** Needs the denied class. */
    public static String useDenied() {
        return Denied.NAME;
    }

    /** Needs the class whose initialiser fails. */
    public static int useFailing() {
        return Fails.VALUE;
    }

    /** Needs a class of a module that not every Java has. */
    public static String useSql() {
        return new java.sql.Timestamp(0).toInstant().toString();
    }
}
