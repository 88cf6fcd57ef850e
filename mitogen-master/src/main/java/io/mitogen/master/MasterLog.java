// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Log;
import io.mitogen.core.LogSink;
import io.mitogen.core.Nullable;
import io.mitogen.core.Printable;
import io.mitogen.logging.JulLevels;
import java.util.logging.Filter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The master's sink. Any thread. Each record goes one {@link Way}: to the place that the program chose with {@link LogSetup}; to
 * {@code java.util.logging} under the logger {@code mitogen}, if the program configured that; to the {@link System.LoggerFinder}
 * that it brought; or, if it did none of these, to standard error. The way is looked for anew for each record, since a program
 * may configure logging at any time.
 *
 * <p>Records contain text of other machines, and are safe in every handler: control characters, and line ends in names, become
 * visible, and further lines of a text are indented, so that none of them can pass for a record.
 *
 * <p>Contexts log to {@code mitogen.ctx.NAME}; the record's source class name is the original logger's name. A context is told
 * when it starts which level it shall send: the lowest that would be shown at that time. Its records are not filtered by the
 * level of {@code mitogen} again, only by that of {@code mitogen.ctx} or a logger below it.
 */
final class MasterLog implements LogSink {
    private static final String ROOT = "mitogen";
    private static final int MAX_SOURCE_CHARS = 256; // the limit of logger names in contexts

    private final LogSetup setup;
    private final Logger root = Logger.getLogger(ROOT);
    private final ContextLoggers contexts = new ContextLoggers();

    private volatile boolean wasUnconfigured; // the last time that a way was looked for

    /** Where a record goes. */
    private enum Way {
        CHOSEN_PLACE,
        STDERR,
        SYSTEM_LOGGER,
        JUL
    }

    /** @throws IllegalArgumentException when {@code MITOGEN_LOG_LEVEL} names no level */
    MasterLog() {
        this(LogSetup.OF_PROGRAM);
    }

    MasterLog(LogSetup setup) {
        this.setup = setup;
        setup.applyVariable();
        wayFrom(root); // loads what it needs here, not in a turn
    }

    private Way wayFrom(Logger target) {
        if (setup.place() != null) {
            return Way.CHOSEN_PLACE;
        } else if (JulPath.endsAtDefaultConsole(target)) {
            wasUnconfigured = true;
        } else if (!wasUnconfigured || !JulPath.isShutDown()) {
            wasUnconfigured = false;
            return Way.JUL;
        }
        return SystemLoggers.exist() ? Way.SYSTEM_LOGGER : Way.STDERR;
    }

    @Override
    public boolean isEnabled(int level) {
        Level jul = JulLevels.toJul(level);
        LogSetup.Place place = setup.place();
        if (place != null) {
            return isLoggable(root, jul, place);
        } else if (SystemLoggers.exist() && wayFrom(root) == Way.SYSTEM_LOGGER) {
            return isAllowedByVariable(jul) && SystemLoggers.isLoggable(ROOT, jul);
        }
        return root.isLoggable(jul);
    }

    /** Managers of others need not take the level that {@link LogSetup} gave to {@code mitogen}. */
    private static boolean isLoggable(Logger logger, Level level, LogSetup.Place place) {
        return JulPath.isManagerForeign() ? level.intValue() >= place.level().intValue() : logger.isLoggable(level);
    }

    private boolean isAllowedByVariable(Level level) {
        return !setup.hasLevel() || root.isLoggable(level);
    }

    /** Tells whether a record of the library's own is shown on standard error, as the JDK's console handler would. */
    private boolean isShownByDefault(Level level) {
        return setup.hasLevel() || level.intValue() >= Level.INFO.intValue();
    }

    @Override
    public void log(String logger, int level, String text) {
        LogRecord record = record(logger, logger, level, text);
        Logger target = Logger.getLogger(logger);
        switch (wayFrom(target)) {
            case CHOSEN_PLACE -> printAtPlace(record, target, false);
            case SYSTEM_LOGGER -> SystemLoggers.log(logger, record.getLevel(), record.getMessage());
            case STDERR -> {
                if (target.isLoggable(record.getLevel()) && isShownByDefault(record.getLevel())) {
                    LogLines.stderr().printOrLeave(record);
                }
            }
            default -> target.log(record);
        }
    }

    /** Logs what a context logged under {@code logger}. */
    void logOf(String contextName, String logger, int level, String text) {
        String name = ContextLoggers.nameOf(contextName);
        LogRecord record = record(name, logger, level, text);
        Logger target = contexts.nearest(name);
        switch (wayFrom(target)) {
            case CHOSEN_PLACE -> printAtPlace(record, target, true);
            case SYSTEM_LOGGER -> logBySystem(record);
            case STDERR -> {
                if (target.isLoggable(record.getLevel())) {
                    LogLines.stderr().print(record);
                }
            }
            default -> {
                if (JulPath.isManagerForeign()) {
                    logByForeignManager(record);
                } else {
                    target.log(record);
                }
            }
        }
    }

    private static LogRecord record(String name, String source, int level, String text) {
        LogRecord record = new LogRecord(JulLevels.toJul(level), Printable.indented(text));
        record.setLoggerName(name);
        record.setSourceClassName(Printable.line(source, MAX_SOURCE_CHARS));
        record.setSourceMethodName(null);
        return record;
    }

    /** Prints at the chosen place, and for handlers that the program has at {@code mitogen} and below. */
    private void printAtPlace(LogRecord record, Logger target, boolean isOfContext) {
        LogSetup.Place place = setup.place();
        Filter filter = target.getFilter();
        boolean isWanted = isOfContext && JulPath.isManagerForeign() || isLoggable(target, record.getLevel(), place);
        if (!isWanted || filter != null && !filter.isLoggable(record)) {
            return;
        }
        if (isOfContext) {
            place.lines().print(record);
        } else {
            place.lines().printOrLeave(record);
        }
        for (Logger at = target; isOurs(at); at = at.getUseParentHandlers() ? at.getParent() : null) {
            for (Handler handler : at.getHandlers()) {
                handler.publish(record);
            }
        }
    }

    private static boolean isOurs(@Nullable Logger logger) {
        String name = logger == null ? null : logger.getName();
        return name != null && (name.equals(ROOT) || name.startsWith(ROOT + "."));
    }

    private static void logBySystem(LogRecord record) {
        String name = LoggerNames.admit(record.getLoggerName());
        String text =
                LoggerNames.prefix(record.getLoggerName(), name, record.getSourceClassName()) + record.getMessage();
        SystemLoggers.log(name, record.getLevel(), text);
    }

    /** Its loggers may put their own name in the place of the record's, and know no source: Log4j's do. */
    private static void logByForeignManager(LogRecord record) {
        String name = LoggerNames.admit(record.getLoggerName());
        Logger target = Logger.getLogger(name);
        if (target.getClass() != Logger.class) {
            record.setMessage(LoggerNames.prefix(record.getLoggerName(), name, record.getSourceClassName())
                    + record.getMessage());
        }
        target.log(record);
    }

    /** Returns the lowest of Python's levels that is shown at all: what children need not send is below it. */
    int threshold() {
        for (int level : JulLevels.pythonLevels()) {
            if (contexts.isEnabled(JulLevels.toJul(level), isEnabled(level)) && isShown(JulLevels.toJul(level))) {
                return level;
            }
        }
        return Log.ERROR + 1;
    }

    private boolean isShown(Level level) {
        return switch (wayFrom(contexts.root())) {
            case CHOSEN_PLACE -> true;
            case SYSTEM_LOGGER -> isAllowedByVariable(level) && SystemLoggers.isLoggable(ContextLoggers.ROOT, level);
            case STDERR -> isShownByDefault(level);
            default -> JulPath.isManagerForeign() || level.intValue() >= JulPath.lowestHandlerLevel(contexts.root());
        };
    }
}
