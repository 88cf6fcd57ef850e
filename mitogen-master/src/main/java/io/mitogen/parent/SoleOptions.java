// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Options that only one JVM of a machine can hold: they name a port to listen at, or a file to write. This process may have them
 * from its environment, for itself; the processes that it starts do not inherit them. Any thread.
 */
final class SoleOptions {
    /** Variables from which a JVM, or its launcher, takes options. */
    static final List<String> VARIABLES = List.of(
            "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "OPENJ9_JAVA_OPTIONS", "IBM_JAVA_OPTIONS");

    private static final Pattern AGENT = Pattern.compile("-(?:javaagent|agentpath|agentlib):([^=]+)=(.*)");

    /** A port as an argument of an agent: {@code 9404:rules.yaml}, {@code localhost:9404}, {@code host=x,port=8778}. */
    private static final Pattern AGENT_PORT = Pattern.compile(
            "(?:(?:[\\w.*-]+|\\[[\\w:.]*]):)?[1-9]\\d{1,4}(?::.*)?|(?:.*[,;&:])?[\\w.-]*port=[1-9].*|(?:.*,)?output=tcpserver.*",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern PORT = Pattern.compile("-Dcom\\.(?:sun|ibm)\\.management\\.(?:.*\\.)?port=[1-9].*");

    /** A debugger that listens or suspends is for the process that was started with it. */
    private static final Pattern DEBUGGER =
            Pattern.compile("-agentlib:jdwp.*|-Xrunjdwp.*|-agentpath:(?:.*[/\\\\])?(?:lib)?jdwp\\b.*");

    /** A file that is the same in each process: no part of its name stands for a process or a time. */
    private static final Pattern FILE = Pattern.compile("(?:-Xlog:[^:]*:(?!std(?:out|err)\\b)[^:]|-Xloggc:|-XX:LogFile="
            + "|-XX:StartFlightRecording[:=].*filename=|-XX:ArchiveClassesAtExit=|-XX:DumpLoadedClassList=|-Xverbosegclog:"
            + "|-XX:AOTCacheOutput=|-XX:AOTMode=(?:record|create)|-XX:AOTConfiguration=)"
            + "(?!.*%[pt]).*");

    private SoleOptions() {}

    /** Takes these options out of the variables of an environment. */
    static void removeFrom(Map<String, String> environment) {
        for (String variable : VARIABLES) {
            String options = environment.get(variable);
            if (options == null || in(options).isEmpty()) {
                continue;
            }
            StringBuilder rest = new StringBuilder();
            for (String word : words(options)) {
                if (!isSole(unquoted(word))) {
                    rest.append(rest.length() == 0 ? "" : " ").append(word);
                }
            }
            if (rest.length() == 0) {
                environment.remove(variable);
            } else {
                environment.put(variable, rest.toString());
            }
        }
    }

    /** Returns those that are among {@code options}, as a variable has them. */
    static List<String> in(String options) {
        List<String> found = new ArrayList<>();
        for (String word : words(options)) {
            if (isSole(unquoted(word))) {
                found.add(unquoted(word));
            }
        }
        return found;
    }

    private static boolean isSole(String option) {
        if (DEBUGGER.matcher(option).matches()) {
            return true;
        }
        var agent = AGENT.matcher(option);
        return agent.matches()
                ? AGENT_PORT.matcher(agent.group(2)).matches()
                        && !agent.group(2).contains("output=tcpclient")
                : PORT.matcher(option).matches() || FILE.matcher(option).matches();
    }

    /** Returns the words of a variable with their quotes: white space within quotes ends none. */
    private static List<String> words(String options) {
        List<String> words = new ArrayList<>();
        char quote = 0;
        int start = -1; // of the word, less than 0 between words
        for (int i = 0; i < options.length(); i++) {
            char c = options.charAt(i);
            if (quote == 0 && Character.isWhitespace(c)) {
                if (start >= 0) {
                    words.add(options.substring(start, i));
                }
                start = -1;
                continue;
            }
            start = start < 0 ? i : start;
            if (quote == 0 ? c == '"' || c == '\'' : c == quote) {
                quote = quote == 0 ? c : 0;
            }
        }
        if (start >= 0) {
            words.add(options.substring(start));
        }
        return words;
    }

    private static String unquoted(String word) {
        StringBuilder bare = new StringBuilder();
        char quote = 0;
        for (char c : word.toCharArray()) {
            if (quote == 0 ? c == '"' || c == '\'' : c == quote) {
                quote = quote == 0 ? c : 0;
            } else {
                bare.append(c);
            }
        }
        return bare.toString();
    }
}
