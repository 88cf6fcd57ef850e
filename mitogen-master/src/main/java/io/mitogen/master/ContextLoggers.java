// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Nullable;
import io.mitogen.core.Printable;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * Finds the logger that decides about the records of {@code mitogen.ctx.NAME}: the nearest one that the program has made, or
 * configured a level or handlers for. Any thread.
 *
 * <p>It makes none for the name itself. {@code java.util.logging} never forgets the names it has seen, a program may have
 * hundreds of thousands of contexts in its life, and the names of those behind others are chosen by others.
 */
final class ContextLoggers {
    static final String ROOT = "mitogen.ctx";
    static final int MAX_NAME_CHARS = 250;

    private final LogManager manager = LogManager.getLogManager();
    private final Logger root = Logger.getLogger(ROOT);

    ContextLoggers() {
        synchronized (root) {
            if (root.getLevel() == null) {
                root.setLevel(Level.ALL); // contexts were told what to send when they started
            }
        }
    }

    /** Returns the logger name of a context, printable and of a bounded length. */
    static String nameOf(String context) {
        return ROOT + "." + Printable.line(context, MAX_NAME_CHARS);
    }

    /** Returns the logger for records of the logger {@code name}, which {@link #nameOf} made. */
    Logger nearest(String name) {
        for (String at = name; at.length() > ROOT.length(); at = at.substring(0, at.lastIndexOf('.'))) {
            Logger known = known(at);
            if (known != null) {
                return known;
            }
        }
        return root;
    }

    /** Returns the logger of all contexts. */
    Logger root() {
        return root;
    }

    /** Tells whether contexts log at {@code level}: by a level that the program gave to all, else as the library itself. */
    boolean isEnabled(Level level, boolean isLibraryEnabled) {
        Level own = root.getLevel();
        return own == null || own.equals(Level.ALL) ? isLibraryEnabled : root.isLoggable(level);
    }

    private @Nullable Logger known(String name) {
        Logger logger = manager.getLogger(name);
        boolean isConfigured =
                manager.getProperty(name + ".level") != null || manager.getProperty(name + ".handlers") != null;
        return logger == null && isConfigured ? Logger.getLogger(name) : logger;
    }
}
