// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ssh;

/** What the tests of bad networks do in contexts. */
final class Acts {
    private static final Object NEVER = new Object();

    private Acts() {}

    static long pid() {
        return ProcessHandle.current().pid();
    }

    static byte[] echo(byte[] bytes) {
        return bytes;
    }

    static int count(byte[] bytes) {
        return bytes.length;
    }

    static void waitForEver() throws InterruptedException {
        synchronized (NEVER) {
            while (true) {
                NEVER.wait();
            }
        }
    }
}
