// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.log;

import io.mitogen.core.testing.Eventually;
import java.io.File;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.logging.Logger;

/** An application server that runs the same application, with its own copy of the library, twice. */
public final class Redeployment {
    private static final Logger KEPT_BY_SERVER = Logger.getLogger("mitogen");

    private Redeployment() {}

    /** Runs. */
    public static void main(String[] args) throws Exception {
        WeakReference<ClassLoader> first = deploy("first");
        deploy("second");
        Eventually.until(Duration.ofSeconds(60), "the first deployment is collected", () -> {
            System.gc();
            return first.get() == null;
        });
        System.out.println("first deployment is gone");
        System.out.println(KEPT_BY_SERVER.getHandlers().length + " handlers are left");
        System.out.println("done");
    }

    private static WeakReference<ClassLoader> deploy(String name) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            loader.loadClass(RedeployedApplication.class.getName())
                    .getMethod("run", String.class)
                    .invoke(null, name);
            return new WeakReference<>(loader);
        }
    }

    private static URL[] classPath() throws MalformedURLException {
        String[] entries = System.getProperty("java.class.path").split(File.pathSeparator);
        URL[] urls = new URL[entries.length];
        for (int i = 0; i < entries.length; i++) {
            urls[i] = Path.of(entries[i]).toUri().toURL();
        }
        return urls;
    }
}
