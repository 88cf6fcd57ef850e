// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.load.ClassImage;
import io.mitogen.core.load.ImageListener;
import io.mitogen.core.load.ImportedClassLoader;
import io.mitogen.core.load.Importer;
import io.mitogen.core.load.Upstream;
import java.util.ArrayList;
import java.util.List;

/** A context reduced to its class loading, joined to a server of classes by direct calls that count what would travel. */
final class LinkedChild implements Upstream {
    /** Serves a request. */
    interface Server {
        void serve(String path, Object stream, ImageListener out);
    }

    final Importer importer = new Importer(this, 17);
    final ImportedClassLoader loader;
    final List<String> requests = new ArrayList<>(); // guarded by this, as the others
    final List<String> received = new ArrayList<>();
    long bytes;
    private final Server server;

    LinkedChild(Server server, String... extraClassPath) {
        this.server = server;
        this.loader = new ImportedClassLoader(new CoreOnly(), List.of(extraClassPath), importer);
    }

    @Override
    public synchronized void request(String path) {
        requests.add(path);
        server.serve(path, this, image -> {
            byte[] payload = image.encode();
            bytes += payload.length;
            received.add(image.path());
            importer.onImage(ClassImage.decode(payload));
        });
    }

    @Override
    public boolean mayWait() {
        return true;
    }

    /** What a child has before anything is shipped: the JDK and the core. */
    private static final class CoreOnly extends ClassLoader {
        CoreOnly() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("io.mitogen.core.")) {
                return Importer.class.getClassLoader().loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }
}
