// SPDX-License-Identifier: BSD-3-Clause
package com.acme.plugins;

/** A program's class that looks for providers, as far as its code tells. */
public final class Looker {
    private Looker() {}

    /** May have providers. */
    public interface Plugin {}

    /** Returns what is looked for. */
    public static Class<?> wanted() {
        return Plugin.class;
    }
}
