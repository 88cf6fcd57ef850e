// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Nullable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The logging that a program chooses from this library: the level by a variable, and perhaps a place. Any thread.
 *
 * <p>The place is kept here and not as a handler of {@code java.util.logging}: a handler there would outlive an application that
 * is redeployed, keep its classes, and print beside the handler of the next deployment. Other managers than the JDK's ignore
 * handlers altogether.
 */
final class LogSetup {
    static final String LEVEL_VARIABLE = "MITOGEN_LOG_LEVEL";

    /** The choices of this program. */
    static final LogSetup OF_PROGRAM = new LogSetup(System.getenv(LEVEL_VARIABLE));

    // java.util.logging forgets the settings of a logger that nobody holds
    private final Logger mitogen = Logger.getLogger("mitogen");

    private final @Nullable String levelName;
    private volatile @Nullable Place place; // written under the lock of this
    private boolean isLevelSet; // guarded by this

    /** The place that a program chose for all records, and the level from which on they go there. */
    record Place(LogLines lines, Level level) {}

    /** @param levelName the value of {@value #LEVEL_VARIABLE}; null or blank when it is not set */
    LogSetup(@Nullable String levelName) {
        this.levelName = levelName == null || levelName.isBlank() ? null : levelName;
    }

    /** Logs to standard error. */
    void toStderr() {
        choose(LogLines.stderr(), level());
    }

    /** Logs to a file, which is appended to. */
    void toFile(Path file) throws IOException {
        Level level = level();
        choose(new LogLines(Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)), level);
    }

    private synchronized void choose(LogLines lines, Level level) {
        Place old = place;
        isLevelSet = true;
        if (!JulPath.isManagerForeign()) { // which may complain of it, and its levels do not count here
            mitogen.setLevel(level);
        }
        place = new Place(lines, level);
        if (old != null) {
            old.lines().close();
        }
    }

    /** Returns the place that the program chose, or null. */
    @Nullable
    Place place() {
        return place;
    }

    /** Gives {@code mitogen} the level of the variable, if that is set; once, so that the program may choose another later. */
    synchronized void applyVariable() {
        if (hasLevel() && !isLevelSet) {
            mitogen.setLevel(level());
            isLevelSet = true;
        }
    }

    /** Tells whether the variable chooses a level. */
    boolean hasLevel() {
        return levelName != null;
    }

    /** Returns the level that the variable chooses, INFO when it is not set. */
    Level level() {
        if (levelName == null) {
            return Level.INFO;
        }
        switch (levelName.trim().toUpperCase(Locale.ROOT)) {
            case "IO":
                return Level.ALL; // a level of our own would keep our classes in a logger of the JDK
            case "DEBUG":
                return Level.FINE;
            case "INFO":
                return Level.INFO;
            case "WARNING":
                return Level.WARNING;
            case "ERROR":
                return Level.SEVERE;
            default:
                throw new IllegalArgumentException(
                        LEVEL_VARIABLE + " is " + levelName + ", must be IO, DEBUG, INFO, WARNING or ERROR");
        }
    }
}
