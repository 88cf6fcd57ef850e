// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.unix;

import io.mitogen.core.call.ChildContext;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** What clients call in JVM contexts. */
final class Services {
    private Services() {}

    static long pid() {
        return ProcessHandle.current().pid();
    }

    static String greet(String name) {
        return "hello " + name;
    }

    static Map<String, Integer> count(String word, int times) {
        return Map.of(word, times);
    }

    static void fail(String text) {
        throw new IllegalStateException(text);
    }

    static void hang() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    static void halt() {
        Runtime.getRuntime().halt(9);
    }

    /** Tells a mailbox of the master that it has begun, then hangs. */
    static void tellAndHang(ChildContext child, int handle) throws InterruptedException {
        child.master().send(handle, "begun");
        hang();
    }
}
