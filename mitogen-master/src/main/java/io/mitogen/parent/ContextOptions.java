// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.Nullable;
import io.mitogen.core.call.ConnectionMethod;
import io.mitogen.core.call.Context;
import io.mitogen.core.pickle.Kwargs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What can be chosen for a context however it is reached. Immutable; each {@code with} returns a changed copy.
 *
 * @param name shown in the process list and in logs; null for one that says where it came from
 * @param java path or name of the {@code java} program on the target; null to look for one there; {@code Local} takes the one that
 *     runs the parent
 * @param jvmOptions options of the target's JVM, after Mitogen's own
 * @param classPath jars and folders on the target that are searched before the master is asked
 * @param debug whether the context logs everything
 * @param connectTimeout for the whole attempt
 * @param via the context that starts this one; null for this process
 * @param python path or name of a Python interpreter on the target, which the context shall be; empty to look for one there; null
 *     for a JVM
 */
public record ContextOptions(
        @Nullable String name,
        @Nullable String java,
        List<String> jvmOptions,
        List<String> classPath,
        boolean debug,
        Duration connectTimeout,
        @Nullable Context via,
        @Nullable String python) {
    /** As {@code python}: whichever Python there is. */
    public static final String ANY_PYTHON = "";

    /** Thirty seconds for an attempt, as in Python. */
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(30);

    private static final Duration MAX_CONNECT_TIMEOUT =
            Duration.ofDays(100_000); // before DEFAULT, which is checked against it

    /** Nothing chosen. */
    public static final ContextOptions DEFAULT =
            new ContextOptions(null, null, List.of(), List.of(), false, DEFAULT_CONNECT_TIMEOUT, null, null);

    private static final int MAX_NAME_CHARS = 99; // what Python accepts in a pickled context

    public ContextOptions {
        jvmOptions = List.copyOf(jvmOptions);
        classPath = List.copyOf(classPath);
        if (name != null) {
            checkName(name);
        }
        if (java != null && java.isBlank()) {
            throw new IllegalArgumentException("java: the path of the program is empty");
        }
        for (String option : jvmOptions) {
            if (!option.startsWith("-")) {
                throw new IllegalArgumentException("jvmOptions: " + option + " does not begin with a hyphen");
            }
        }
        if (python != null && (java != null || !jvmOptions.isEmpty() || !classPath.isEmpty())) {
            throw new IllegalArgumentException("python: java, jvmOptions and classPath are for contexts that are JVMs");
        }
        if (python != null && python.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("python: has control characters");
        }
        if (connectTimeout.isNegative()
                || connectTimeout.isZero()
                || connectTimeout.compareTo(MAX_CONNECT_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "connectTimeout: " + connectTimeout + " is not positive, or more than " + MAX_CONNECT_TIMEOUT);
        }
    }

    private static void checkName(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME_CHARS) {
            throw new IllegalArgumentException(
                    "name: has " + name.length() + " characters, must have 1 to " + MAX_NAME_CHARS);
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '/' || c == '\\' || c < ' ' || c == 0x7f) {
                throw new IllegalArgumentException("name: may not contain a slash, a backslash or a control character: "
                        + name.replaceAll("\\p{Cntrl}", "?"));
            }
        }
    }

    public ContextOptions withName(String value) {
        return new ContextOptions(value, java, jvmOptions, classPath, debug, connectTimeout, via, python);
    }

    public ContextOptions withJava(String value) {
        return new ContextOptions(name, value, jvmOptions, classPath, debug, connectTimeout, via, python);
    }

    public ContextOptions withJvmOptions(List<String> values) {
        return new ContextOptions(name, java, values, classPath, debug, connectTimeout, via, python);
    }

    public ContextOptions withClassPath(List<String> values) {
        return new ContextOptions(name, java, jvmOptions, values, debug, connectTimeout, via, python);
    }

    public ContextOptions withDebug(boolean value) {
        return new ContextOptions(name, java, jvmOptions, classPath, value, connectTimeout, via, python);
    }

    public ContextOptions withConnectTimeout(Duration value) {
        return new ContextOptions(name, java, jvmOptions, classPath, debug, value, via, python);
    }

    public ContextOptions withVia(@Nullable Context value) {
        return new ContextOptions(name, java, jvmOptions, classPath, debug, connectTimeout, value, python);
    }

    public ContextOptions withPython(String value) {
        return new ContextOptions(name, java, jvmOptions, classPath, debug, connectTimeout, via, value);
    }

    boolean isPython() {
        return python != null;
    }

    /** Returns a method with these options as messages name it. */
    String describe(ConnectionMethod method) {
        return isPython() ? method + " (Python)" : method.toString();
    }

    /** Returns everything but {@code via}, which is known where this arrives. */
    public Kwargs toKwargs() {
        Map<String, Object> fields = new HashMap<>();
        fields.put("name", name);
        fields.put("java", java);
        fields.put("jvm_options", jvmOptions);
        fields.put("class_path", classPath);
        fields.put("debug", debug);
        fields.put("python", python);
        fields.put("connect_timeout_ms", connectTimeout.toMillis());
        return Kwargs.copyOf(fields);
    }

    /** Returns what {@link #toKwargs} described. */
    public static ContextOptions fromKwargs(Kwargs fields) {
        return new ContextOptions(
                (String) fields.get("name"),
                (String) fields.get("java"),
                strings(fields.get("jvm_options")),
                strings(fields.get("class_path")),
                (Boolean) fields.get("debug"),
                Duration.ofMillis(((Number) fields.get("connect_timeout_ms")).longValue()),
                null,
                (String) fields.get("python"));
    }

    private static List<String> strings(Object list) {
        List<String> strings = new ArrayList<>();
        for (Object item : (List<?>) list) {
            strings.add((String) item);
        }
        return strings;
    }
}
