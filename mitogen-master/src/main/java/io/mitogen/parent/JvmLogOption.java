// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import java.util.List;

/**
 * Options that have a JVM log. Any thread.
 *
 * <p>It logs to standard output when no other place is named. That is read by the very JVM: when it is full, and the reader logs
 * itself, or is stopped by the collection of garbage that is just being logged, nothing moves any more. Standard error is read
 * by the parent.
 */
final class JvmLogOption {
    private static final String LOG = "-Xlog";

    private static final List<String> NO_SELECTIONS = List.of("disable", "help", "async");

    private JvmLogOption() {}

    /** Returns the option with standard error in the place of standard output; any other option as it is. */
    static String toStandardError(String option) {
        return switch (option) {
            case LOG -> LOG + ":all=info:stderr";
            case "-verbose", "-verbose:class" -> LOG + ":class+load=info,class+unload=info:stderr";
            case "-verbose:gc" -> LOG + ":gc:stderr";
            case "-verbose:jni" -> LOG + ":jni+resolve=debug:stderr";
            case "-verbose:module" -> LOG + ":module+load=info,module+unload=info:stderr";
            default -> option.startsWith(LOG + ":") ? logToStandardError(option) : option;
        };
    }

    /** @param option {@code -Xlog:SELECTIONS:OUTPUT:DECORATORS:OPTIONS}, all parts but the first may be missing or empty */
    private static String logToStandardError(String option) {
        String[] parts = option.split(":", 4);
        boolean elsewhere = parts.length > 2 && !parts[2].isEmpty() && !parts[2].equals("stdout");
        if (elsewhere || NO_SELECTIONS.contains(parts[1])) {
            return option;
        }
        return LOG + ":" + parts[1] + ":stderr" + (parts.length > 3 ? ":" + parts[3] : "");
    }
}
