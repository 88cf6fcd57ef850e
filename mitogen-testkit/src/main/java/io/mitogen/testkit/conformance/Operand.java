// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import io.mitogen.testkit.conformance.cases.Guide;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.PatternSyntaxException;

/** Words behind the options, as what they stand for; each word that stands for nothing is refused with its option. Any thread. */
final class Operand {
    private static final double MIN_SECONDS = 0.001;
    private static final double MAX_SECONDS = 86_400;
    private static final String TIMEOUT = "--timeout needs a number of seconds, above 0 and at most a day, not ";

    private Operand() {}

    static int id(String text) throws Usage {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new Usage("--context needs the id of a context, not " + text);
        }
    }

    static Duration seconds(String text) throws Usage {
        try {
            double seconds = Double.parseDouble(text);
            if (seconds >= MIN_SECONDS && seconds <= MAX_SECONDS) {
                return Duration.ofMillis((long) (seconds * 1000));
            }
        } catch (NumberFormatException expected) { // told below
            throw new Usage(TIMEOUT + text);
        }
        throw new Usage(TIMEOUT + text);
    }

    static Path path(String word, String text) throws Usage {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new Usage(word + " needs the path of a file: " + e.getMessage());
        }
    }

    static PathMatcher glob(String word, String text) throws Usage {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + text);
        } catch (PatternSyntaxException e) {
            throw new Usage(word + " needs a pattern with * and ?, not " + text + ": " + e.getDescription());
        }
    }

    static Guide.Level level(String text) throws Usage {
        return Arrays.stream(Guide.Level.values())
                .filter(each -> each.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new Usage("--level is MUST, SHOULD or MAY, not " + text));
    }

    static void checkFile(String word, Path file) throws Usage {
        if (file == null) {
            return;
        }
        try {
            Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
        } catch (IOException e) {
            throw new Usage(word + " cannot write " + file + ": " + e);
        }
    }
}
