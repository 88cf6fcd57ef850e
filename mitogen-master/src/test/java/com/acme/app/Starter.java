// SPDX-License-Identifier: BSD-3-Clause
package com.acme.app;

import io.mitogen.master.ClassFinder;

/** A user's main class: it names classes of the master, and is shipped for what else it holds. */
public final class Starter {
    private Starter() {}

    /** Uses the master. */
    public static void main(String[] args) {
        new ClassFinder().add(Starter.class.getClassLoader());
    }
}
