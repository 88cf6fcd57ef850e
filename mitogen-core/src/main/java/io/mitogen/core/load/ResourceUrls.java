// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import io.mitogen.core.Nullable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.net.spi.URLStreamHandlerProvider;
import java.util.LinkedHashSet;
import java.util.Set;

/** Lets the JDK make URLs of shipped resources and folders from their texts, which it asks providers for. Any thread. */
public final class ResourceUrls extends URLStreamHandlerProvider {
    /*
     * A JVM may have several contexts, and each resource its own handler, which knows the way to the master. The authority of a URL
     * tells which. Nobody keeps a table of them, which would keep contexts that have ended: the loader of a context is the
     * context loader of its main thread, and in a process of its own the system class loader leads to it.
     */
    /** Called by the JDK. */
    public ResourceUrls() {}

    @Override
    @Nullable
    public URLStreamHandler createURLStreamHandler(String protocol) {
        return protocol.equals(ShippedResources.PROTOCOL) || protocol.equals(FolderConnection.PROTOCOL)
                ? new FromText()
                : null;
    }

    /** Finds the context that can open a URL. */
    private static final class FromText extends URLStreamHandler {
        private static final String PREFIX = ShippedResources.PROTOCOL + "://";

        @Override
        protected URLConnection openConnection(URL url) throws IOException {
            String text = url.toExternalForm();
            int start = text.startsWith(PREFIX) ? 0 : text.indexOf(':') + 1; // a folder's URL has that of its jar in it
            RuntimeException refusal = null;
            if (text.startsWith(PREFIX, start)) {
                URL resource = new URL(null, text.substring(start).replaceFirst("!/.*", ""), this);
                String path = pathOf(resource);
                for (ClassLoader loader : candidates()) {
                    try {
                        URL found = loader.getResource(path);
                        if (found != null && found.toExternalForm().contains(PREFIX + resource.getAuthority() + "/")) {
                            // A URL made beside another one of its protocol gets that one's handler.
                            return new URL(found, text).openConnection();
                        }
                    } catch (RuntimeException e) { // another context, which has lost its master
                        refusal = e;
                    }
                }
            }
            FileNotFoundException failure = new FileNotFoundException(
                    url + ": no context in this process has it. Such a URL leads to the class path of"
                            + " the master, and only in the context whose loader made it");
            failure.initCause(refusal);
            throw failure;
        }

        private static String pathOf(URL resource) throws FileNotFoundException {
            try {
                return ShippedResources.pathOf(resource);
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new FileNotFoundException(resource + ": " + e.getMessage());
            }
        }

        private static Set<ClassLoader> candidates() {
            Set<ClassLoader> loaders = new LinkedHashSet<ClassLoader>();
            loaders.add(Thread.currentThread().getContextClassLoader());
            loaders.add(ClassLoader.getSystemClassLoader());
            for (Thread each : Thread.getAllStackTraces().keySet()) {
                ClassLoader loader = each.getContextClassLoader();
                if (loader != null && loader.getClass().getName().equals(ImportedClassLoader.class.getName())) {
                    loaders.add(loader);
                }
            }
            loaders.remove(null);
            return loaders;
        }

        @Override
        @Nullable
        protected InetAddress getHostAddress(URL url) {
            return null; // what looks like a host is none
        }
    }
}
