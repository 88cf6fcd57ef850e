// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.log;

import io.mitogen.connect.Local;
import io.mitogen.core.loop.Broker;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import java.io.PrintStream;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * A program with a context that talks, and with logging of its own: each argument names a thing that it configures. What its
 * logging gets is printed on standard output as {@code KIND LEVEL LOGGER SOURCE: TEXT}.
 */
public final class ConfiguredProgram {
    private static final PrintStream OUT = System.out;
    private static final Logger MITOGEN =
            Logger.getLogger("mitogen"); // whose settings are forgotten if nobody holds it

    private ConfiguredProgram() {}

    /** Runs. */
    public static void main(String[] args) throws Exception {
        boolean isLeftToHook = false;
        for (String arg : args) {
            switch (arg) {
                case "handler-at-root" -> Logger.getLogger("").addHandler(new Printing());
                case "no-console" ->
                    Logger.getLogger("").removeHandler(Logger.getLogger("").getHandlers()[0]);
                case "handler-at-mitogen" -> MITOGEN.addHandler(new Printing());
                case "not-to-parents" -> MITOGEN.setUseParentHandlers(false);
                case "root-at-warning" -> Logger.getLogger("").setLevel(Level.WARNING);
                case "root-at-all" -> Logger.getLogger("").setLevel(Level.ALL);
                case "reset" -> LogManager.getLogManager().reset();
                case "stderr" -> Mitogen.logToStderr();
                case "hook" -> isLeftToHook = true;
                default -> throw new IllegalArgumentException(arg);
            }
        }
        if (isLeftToHook) {
            runUntilExit();
        } else {
            Mitogen.run(router -> router.connect(Local.create().name("web1")).call(ConfiguredProgram::talk));
        }
        System.out.println("done");
    }

    /** Says a few things. */
    public static void talk() throws Exception {
        System.out.println("hello");
        System.err.println("oops");
        Logger logger = Logger.getLogger("com.acme.App");
        logger.warning("structured");
        logger.fine("detail");
        Thread worker = new Thread(
                () -> {
                    throw new IllegalStateException("nobody catches this");
                },
                "worker-1");
        worker.start();
        worker.join();
    }

    /** Leaves the end of the router to a shutdown hook; the context has something to say then. */
    private static void runUntilExit() throws Exception {
        Broker broker = Mitogen.startBroker();
        MasterRouter router = new MasterRouter(broker);
        router.connect(Local.create().name("web1")).call(ConfiguredProgram::talkAtExit);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            awaitReset();
            router.close();
        }));
        System.exit(0);
    }

    /** Waits until {@code java.util.logging} has closed its handlers, as it does when the JVM ends. */
    private static void awaitReset() {
        while (LogManager.getLogManager().getLogger("").getHandlers().length > 0) {
            Thread.onSpinWait();
        }
    }

    /** Has something to say when it ends. */
    public static void talkAtExit() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("last words")));
    }

    /** A handler of the program's. */
    public static class Printing extends Handler {
        private final String kind;

        public Printing() {
            this("HANDLER");
        }

        Printing(String kind) {
            this.kind = kind;
        }

        @Override
        public void publish(LogRecord record) {
            if (isLoggable(record) && record.getLoggerName().startsWith("mitogen")) {
                OUT.println(kind + " " + record.getLevel() + " " + record.getLoggerName() + " "
                        + record.getSourceClassName() + ": " + record.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /** A class for {@code java.util.logging.config.class}. */
    public static final class Config {
        public Config() {
            Logger.getLogger("").addHandler(new Printing());
        }
    }

    /** A manager whose loggers print with their own name, and know neither handlers nor levels, as those of Log4j. */
    public static final class Manager extends LogManager {
        private final Map<String, Logger> loggers = new ConcurrentHashMap<>();

        @Override
        public boolean addLogger(Logger logger) {
            return false;
        }

        @Override
        public Logger getLogger(String name) {
            return loggers.computeIfAbsent(name, Foreign::new);
        }

        private static final class Foreign extends Logger {
            Foreign(String name) {
                super(name, null);
            }

            @Override
            public void addHandler(Handler handler) {}

            @Override
            public void setUseParentHandlers(boolean isWanted) {}

            @Override
            public void setLevel(Level level) {}

            @Override
            public boolean isLoggable(Level level) {
                return level.intValue() >= Level.INFO.intValue();
            }

            @Override
            public void log(LogRecord record) {
                if (isLoggable(record.getLevel()) && getName().startsWith("mitogen")) {
                    OUT.println("FOREIGN " + record.getLevel() + " " + getName() + " " + record.getMessage());
                }
            }
        }
    }

    /** The program's own loggers for {@code System.Logger}. */
    public static final class Finder extends System.LoggerFinder {
        @Override
        public System.Logger getLogger(String name, Module module) {
            return new System.Logger() {
                @Override
                public String getName() {
                    return name;
                }

                @Override
                public boolean isLoggable(Level level) {
                    return level.getSeverity() >= Level.INFO.getSeverity();
                }

                @Override
                public void log(Level level, ResourceBundle bundle, String text, Throwable thrown) {
                    log(level, bundle, text);
                }

                @Override
                public void log(Level level, ResourceBundle bundle, String text, Object... parameters) {
                    if (isLoggable(level) && name.startsWith("mitogen")) {
                        OUT.println("FINDER " + level + " " + name + " " + text);
                    }
                }
            };
        }
    }
}
