// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import io.mitogen.testkit.conformance.cases.Case;
import io.mitogen.testkit.conformance.cases.Catalogue;
import io.mitogen.testkit.conformance.cases.Role;
import io.mitogen.testkit.conformance.peer.CommandTarget;
import io.mitogen.testkit.conformance.peer.Dialect;
import io.mitogen.testkit.conformance.peer.JavaDialect;
import io.mitogen.testkit.conformance.peer.JvmTarget;
import io.mitogen.testkit.conformance.peer.PythonDialect;
import io.mitogen.testkit.conformance.peer.PythonTarget;
import io.mitogen.testkit.conformance.peer.Target;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The command line, taken apart. One thread. */
final class Options {
    private String mode;
    private String operand;
    private Path folder;
    private Path junit;
    private String dialect = "python";
    private boolean relay;
    private boolean list;
    private Duration timeout = Duration.ofSeconds(20);
    private final List<PathMatcher> only = new ArrayList<>();

    private Options() {}

    static Options parse(List<String> words) throws Usage {
        Options options = new Options();
        Deque<String> left = new ArrayDeque<>(words);
        while (!left.isEmpty()) {
            options.take(left.remove(), left);
        }
        if (options.mode == null && !options.list) {
            throw new Usage("what is to be tested? Give --command, --python or --jvm");
        }
        return options;
    }

    private void take(String word, Deque<String> left) throws Usage {
        switch (word) {
            case "--command", "--python" -> mode(word, operand(word, left));
            case "--jvm" -> mode(word, left.isEmpty() || left.peek().startsWith("--") ? null : left.remove());
            case "--package" -> folder = Path.of(operand(word, left));
            case "--dialect" -> dialect = operand(word, left);
            case "--relay" -> relay = true;
            case "--list" -> list = true;
            case "--junit" -> junit = Path.of(operand(word, left));
            case "--timeout" -> timeout = seconds(operand(word, left));
            case "--only" -> only.add(FileSystems.getDefault().getPathMatcher("glob:" + operand(word, left)));
            default -> throw new Usage("there is no option " + word);
        }
    }

    private static String operand(String word, Deque<String> left) throws Usage {
        if (left.isEmpty()) {
            throw new Usage(word + " needs a value");
        }
        return left.remove();
    }

    private void mode(String word, String newOperand) throws Usage {
        if (mode != null) {
            throw new Usage("there is " + mode + " already, " + word + " is one too many");
        }
        mode = word;
        operand = newOperand;
    }

    private static Duration seconds(String text) throws Usage {
        try {
            return Duration.ofMillis((long) (Double.parseDouble(text) * 1000));
        } catch (NumberFormatException e) {
            throw new Usage("--timeout needs a number of seconds, not " + text);
        }
    }

    boolean isList() {
        return list;
    }

    /** Returns where to write JUnit's report; null for nowhere. */
    Path junit() {
        return junit;
    }

    /** Returns the cases to run. */
    List<Case> cases() throws Usage {
        Role role = relay ? Role.RELAY : Role.CHILD;
        List<Case> chosen = Catalogue.all().stream()
                .filter(each -> mode == null || each.role() == role)
                .filter(each -> only.isEmpty() || only.stream().anyMatch(glob -> glob.matches(Path.of(each.name()))))
                .toList();
        if (chosen.isEmpty()) {
            throw new Usage("no case has a name like that; --list shows all");
        }
        return chosen;
    }

    /** Returns how to start what is tested. */
    Target target() throws Usage, IOException {
        return switch (mode) {
            case "--command" -> new CommandTarget(operand, dialect(), timeout);
            case "--python" -> new PythonTarget(operand, folder, timeout);
            default -> new JvmTarget(operand, timeout);
        };
    }

    private Dialect dialect() throws Usage {
        return switch (dialect) {
            case "python" -> new PythonDialect();
            case "java" -> new JavaDialect();
            default -> throw new Usage("--dialect is python or java, not " + dialect);
        };
    }
}
