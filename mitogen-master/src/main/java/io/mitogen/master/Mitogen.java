// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.loop.Broker;
import io.mitogen.core.loop.Crew;
import java.io.IOException;
import java.nio.file.Path;

/** Helpers for the usual program: a broker and a router that are always closed, and logging. Any thread. */
public final class Mitogen {
    /** How long an ordered shutdown waits for the contexts, in milliseconds; Python's master waits as long. */
    private static final long GRACE_MS = 5_000;

    private Mitogen() {}

    /** What {@link #run} runs. */
    @FunctionalInterface
    public interface Program<R> {
        /** Runs with a router that is closed when this returns or throws. */
        R run(MasterRouter router) throws Exception;
    }

    /** As {@link Program}, without a result. */
    @FunctionalInterface
    public interface VoidProgram {
        /** Runs with a router that is closed when this returns or throws. */
        void run(MasterRouter router) throws Exception;
    }

    /** Runs {@code program} with a router of its own, and closes it and its broker, whatever happens. */
    public static void run(VoidProgram program) throws Exception {
        run(RouterOptions.DEFAULT, program);
    }

    /** As {@link #run(VoidProgram)}, with options for the router. */
    public static void run(RouterOptions options, VoidProgram program) throws Exception {
        compute(options, router -> {
            program.run(router);
            return null;
        });
    }

    /** As {@link #run(VoidProgram)}, for a program that has a result. */
    public static <R> R compute(Program<R> program) throws Exception {
        return compute(RouterOptions.DEFAULT, program);
    }

    /** As {@link #compute(Program)}, with options for the router. */
    public static <R> R compute(RouterOptions options, Program<R> program) throws Exception {
        try (Broker broker = startBroker();
                MasterRouter router = new MasterRouter(broker, options)) {
            return program.run(router);
        }
    }

    /**
     * Starts a broker as masters need it: five seconds of grace, logging under {@code mitogen}. Close it.
     *
     * @throws IllegalArgumentException when the variable {@code MITOGEN_LOG_LEVEL} names no level
     */
    public static Broker startBroker() {
        Broker broker = Broker.start("broker", GRACE_MS, new MasterLog());
        Crew.of(broker);
        return broker;
    }

    /**
     * Sends what contexts print and log, and this library's own records, from INFO on, to standard error, also where the program
     * has logging of its own: that does not get them then, but for handlers at the logger {@code mitogen} and below. A program
     * without logging of its own has no need of it. The variable {@code MITOGEN_LOG_LEVEL} chooses another level: {@code IO}
     * (with one line for each message), {@code DEBUG}, {@code INFO}, {@code WARNING} or {@code ERROR}. Call it before the first
     * router is made. Lines of contexts that a text has beyond its first are indented, and control characters but tabs appear as
     * {@code \}{@code uXXXX}.
     *
     * @throws IllegalArgumentException when the variable names no level
     */
    public static void logToStderr() {
        LogSetup.OF_PROGRAM.toStderr();
    }

    /** As {@link #logToStderr}, to a file, which is appended to. */
    public static void logToFile(Path file) throws IOException {
        LogSetup.OF_PROGRAM.toFile(file);
    }
}
