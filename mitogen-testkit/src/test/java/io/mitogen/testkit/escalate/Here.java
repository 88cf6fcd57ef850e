// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.escalate;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Logger;

/** What tests call in contexts. */
final class Here {
    private Here() {}

    /** Returns the account that the context's own processes run in. */
    static String account() throws IOException {
        return output(List.of("id", "-un")).strip();
    }

    /** Returns where the context is. */
    static String folder() {
        return Path.of("").toAbsolutePath().toString();
    }

    static Map<String, String> environment() {
        return new LinkedHashMap<>(System.getenv());
    }

    static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    /** Prints on both streams. */
    static void print(String text) {
        System.out.println(text + " out");
        System.err.println(text + " err");
    }

    /** Logs by both of Java's own ways. */
    static void log(String text) {
        Logger.getLogger("com.acme.Jul").warning(text + ", jul");
        System.getLogger("com.acme.System").log(System.Logger.Level.ERROR, "{0}, system", text);
    }

    /** Runs {@code command}, which prints variables as {@code env} does. */
    static Map<String, String> environmentOf(List<String> command) throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (String line : output(command).split("\0")) {
            int sign = line.indexOf('=');
            if (sign > 0) {
                found.put(line.substring(0, sign), line.substring(sign + 1));
            }
        }
        return found;
    }

    static String output(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            StringBuilder text = new StringBuilder();
            for (int c = reader.read(); c >= 0; c = reader.read()) {
                text.append((char) c);
            }
            return text.toString();
        }
    }

    static long pid() {
        return ProcessHandle.current().pid();
    }
}
