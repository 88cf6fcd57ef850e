// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import java.util.List;
import java.util.Map;

/**
 * A command to start, and how to talk with it until the context is ready. For one attempt.
 *
 * @param argv the program and its arguments
 * @param environment variables beside those of this process
 * @param dialogue what its questions and complaints mean
 * @param answers where answers to questions in its output go
 */
public record Launch(List<String> argv, Map<String, String> environment, Dialogue dialogue, Answers answers) {
    /** Where a program reads the answers to what it asks in its output. */
    public enum Answers {
        /** Its standard input, which becomes the link afterwards. */
        STANDARD_INPUT,
        /** The terminal that {@link LaunchSite#onTerminal} gave it. */
        TERMINAL,
        /** From the program of {@link LaunchSite#askPass} alone: nothing in its output is a question. */
        HELPER
    }

    public Launch {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("a command without words");
        }
    }

    /** A command that asks nothing. */
    public Launch(List<String> argv) {
        this(argv, Map.of(), Dialogue.SILENT, Answers.STANDARD_INPUT);
    }
}
