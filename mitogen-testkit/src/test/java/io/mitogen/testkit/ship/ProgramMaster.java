// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ship;

import io.mitogen.core.loop.Broker;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;

/** A master that serves programs which a test has made, and its warnings. One thread at a time. */
final class ProgramMaster implements AutoCloseable {
    final Warnings warnings = new Warnings();
    private final Broker broker = Mitogen.startBroker();
    final MasterRouter router = new MasterRouter(broker);
    private final List<URLClassLoader> loaders = new ArrayList<>();

    /** Serves the classes of a program, which know the JDK only. */
    void serve(Program program) {
        router.classes().add(loader(program, ClassLoader.getPlatformClassLoader()));
    }

    /** Returns a loader of a program's classes, which know this library; closed with the master. */
    URLClassLoader load(Program program) {
        return loader(program, ClassLoader.getSystemClassLoader());
    }

    private URLClassLoader loader(Program program, ClassLoader parent) {
        try {
            URLClassLoader loader =
                    new URLClassLoader(new URL[] {program.classes().toUri().toURL()}, parent);
            loaders.add(loader);
            return loader;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes a loader, and forgets it. */
    void unload(URLClassLoader loader) throws IOException {
        loaders.remove(loader);
        loader.close();
    }

    @Override
    public void close() throws IOException {
        router.close();
        broker.close();
        warnings.close();
        for (URLClassLoader each : loaders) {
            each.close();
        }
    }
}
