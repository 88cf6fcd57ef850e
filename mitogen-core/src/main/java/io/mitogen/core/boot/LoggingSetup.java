// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.boot;

import io.mitogen.core.Log;
import java.lang.reflect.InvocationTargetException;

/**
 * Makes {@code java.util.logging} log to the master when user code is about to use it, by means of a class that is fetched then.
 * Leaves it alone when it is configured by the options of the JVM, or when this Java is without it. Any thread.
 *
 * <p>The JDK's own hook for this, {@code java.util.logging.config.class}, will not do: the class would be looked for through the
 * context class loader of whichever thread logs first, which need not be ours, and since Java 21 {@code System.exit} would
 * fetch it just to end.
 */
final class LoggingSetup implements Runnable {
    private static final String FORWARDING = "io.mitogen.logging.JulForwarding";

    private final ClassLoader loader;
    private final Log log;

    LoggingSetup(ClassLoader loader, Log log) {
        this.loader = loader;
        this.log = log;
    }

    @Override
    public void run() {
        if (System.getProperty("java.util.logging.config.class") != null
                || System.getProperty("java.util.logging.config.file") != null
                || !hasJavaLogging()) {
            return;
        }
        try {
            Class.forName(FORWARDING, true, loader).getMethod("install").invoke(null);
        } catch (InvocationTargetException e) {
            onFailure(e.getCause());
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            onFailure(e);
        }
    }

    private static boolean hasJavaLogging() {
        try {
            Class.forName("java.util.logging.LogManager", false, ClassLoader.getPlatformClassLoader());
            return true;
        } catch (ClassNotFoundException expected) { // a JRE without the module java.logging
            return false;
        }
    }

    private void onFailure(Throwable cause) {
        log.warning("java.util.logging prints to stderr here, because its forwarding failed: " + cause);
    }
}
