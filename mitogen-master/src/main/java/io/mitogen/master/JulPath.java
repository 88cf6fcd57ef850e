// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.concurrent.Threads;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** The way of a record through {@code java.util.logging}: from a logger through the handlers of its parents. Any thread. */
final class JulPath {
    private static final String FORMAT = "java.util.logging.SimpleFormatter.format";

    private JulPath() {}

    /** Tells whether the JDK's own manager has been replaced, as by Log4j or an application server. */
    static boolean isManagerForeign() {
        return LogManager.getLogManager().getClass() != LogManager.class;
    }

    /**
     * Tells whether the program has configured nothing on the way of records of {@code from}: no manager, file, class, handler,
     * filter or format, so that they would end at the console handler that the JDK sets up on its own.
     */
    static boolean endsAtDefaultConsole(Logger from) {
        if (isManagerForeign() || isConfiguredByOptions() || from.getFilter() != null) {
            return false;
        }
        Logger at = from;
        for (Logger parent = at.getParent(); parent != null; parent = at.getParent()) {
            if (at.getHandlers().length > 0 || !at.getUseParentHandlers()) {
                return false;
            }
            at = parent;
        }
        Handler[] ofRoot = at.getHandlers();
        return ofRoot.length == 1 && isDefaultConsole(ofRoot[0]);
    }

    /** Tells whether the JVM ends and has closed all handlers for that. */
    static boolean isShutDown() {
        Logger root = LogManager.getLogManager().getLogger("");
        return !isManagerForeign() && root != null && root.getHandlers().length == 0 && isJvmEnding();
    }

    private static boolean isJvmEnding() {
        Thread hook = Threads.daemon("never", () -> {});
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            Runtime.getRuntime().removeShutdownHook(hook);
            return false;
        } catch (IllegalStateException expected) { // it is too late for hooks
            return true;
        } catch (SecurityException expected) {
            return false;
        }
    }

    private static boolean isConfiguredByOptions() {
        return System.getProperty("java.util.logging.config.file") != null
                || System.getProperty("java.util.logging.config.class") != null
                || System.getProperty(FORMAT) != null
                || LogManager.getLogManager().getProperty(FORMAT) != null;
    }

    private static boolean isDefaultConsole(Handler handler) {
        return handler.getClass() == ConsoleHandler.class
                && Level.INFO.equals(handler.getLevel())
                && handler.getFilter() == null
                && handler.getFormatter() != null
                && handler.getFormatter().getClass() == SimpleFormatter.class;
    }

    /** Returns the lowest level that a handler takes on the way of records of {@code from}; {@code ALL} when none is visible. */
    static int lowestHandlerLevel(Logger from) {
        int lowest = Integer.MAX_VALUE;
        for (Logger at = from; at != null; at = at.getUseParentHandlers() ? at.getParent() : null) {
            for (Handler handler : at.getHandlers()) {
                lowest = Math.min(lowest, handler.getLevel().intValue());
            }
        }
        return lowest == Integer.MAX_VALUE ? Level.ALL.intValue() : lowest;
    }
}
