// SPDX-License-Identifier: BSD-3-Clause
package com.acme.app;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.sessions.JqwikSession;

/** A user's class that needs some hundred classes of a real library. */
public final class JqwikUser {
    private JqwikUser() {}

    /** Returns ten lists of whole numbers, made by jqwik. */
    public static int sampledLists() {
        int[] count = new int[1];
        JqwikSession.run(() -> {
            for (int i = 0; i < 10; i++) {
                List<Integer> list =
                        Arbitraries.integers().between(1, 100).list().ofSize(5).sample();
                count[0] += list.size() == 5 ? 1 : 0;
            }
        });
        return count[0];
    }
}
