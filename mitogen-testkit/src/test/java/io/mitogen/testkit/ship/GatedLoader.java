// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ship;

import java.net.URL;
import java.util.concurrent.CountDownLatch;

/** A loader of the master's that takes its time over one class. Any thread. */
final class GatedLoader extends ClassLoader {
    private final String path;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    GatedLoader(String path, ClassLoader parent) {
        super(parent);
        this.path = path;
    }

    @Override
    public URL getResource(String name) {
        if (name.equals(path)) {
            asked.countDown();
            awaitQuietly(open);
        }
        return super.getResource(name);
    }

    /** Waits until somebody asked for the class. */
    void awaitAsked() {
        awaitQuietly(asked);
    }

    /** Lets everybody have it. */
    void open() {
        open.countDown();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
