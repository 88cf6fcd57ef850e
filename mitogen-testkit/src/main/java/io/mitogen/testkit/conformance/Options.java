// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import io.mitogen.testkit.conformance.cases.Bench;
import io.mitogen.testkit.conformance.cases.Case;
import io.mitogen.testkit.conformance.cases.Catalogue;
import io.mitogen.testkit.conformance.cases.Guide;
import io.mitogen.testkit.conformance.cases.ListenerStand;
import io.mitogen.testkit.conformance.cases.ParentStand;
import io.mitogen.testkit.conformance.cases.Role;
import io.mitogen.testkit.conformance.cases.Stand;
import io.mitogen.testkit.conformance.peer.CommandTarget;
import io.mitogen.testkit.conformance.peer.Dialect;
import io.mitogen.testkit.conformance.peer.JavaDialect;
import io.mitogen.testkit.conformance.peer.JvmTarget;
import io.mitogen.testkit.conformance.peer.Kind;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.peer.NeutralDialect;
import io.mitogen.testkit.conformance.peer.PythonDialect;
import io.mitogen.testkit.conformance.peer.PythonTarget;
import io.mitogen.testkit.conformance.peer.Session;
import io.mitogen.testkit.conformance.peer.Target;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
    private Path report;
    private String of;
    private String end = "shutdown";
    private Integer context;
    private String dialect = "python";
    private boolean relay;
    private boolean list;
    private boolean verbose;
    private String explained;
    private Path vectors;
    private Path json;
    private Guide.Level level = Guide.Level.MAY;
    private Session session = Session.of(Duration.ofSeconds(20));
    private final List<PathMatcher> only = new ArrayList<>();
    private final List<Selection.Entry> skipped = new ArrayList<>();
    private final List<Selection.Entry> expected = new ArrayList<>();

    private Options() {}

    static Options parse(List<String> words) throws Usage {
        Options options = new Options();
        Deque<String> left = new ArrayDeque<>(words);
        while (!left.isEmpty()) {
            options.take(left.remove(), left);
        }
        if (options.mode == null && !options.list && options.explained == null && options.vectors == null) {
            throw new Usage("what is to be tested? Give --command, --python, --jvm, --child or --unix");
        }
        if (!options.isInformation()) {
            options.checkFiles();
        }
        return options;
    }

    private void take(String word, Deque<String> left) throws Usage {
        switch (word) {
            case "--command", "--python", "--unix" -> mode(word, operand(word, left));
            case "--jvm" -> mode(word, left.isEmpty() || left.peek().startsWith("--") ? null : left.remove());
            case "--child" -> mode(word, null);
            case "-c" -> program(left);
            case "--report" -> report = Operand.path(word, operand(word, left));
            case "--of" -> of = operand(word, left);
            case "--end" -> end = operand(word, left);
            case "--context" -> context = Operand.id(operand(word, left));
            case "--package" -> folder = Operand.path(word, operand(word, left));
            case "--dialect" -> dialect = operand(word, left);
            case "--relay" -> relay = true;
            case "--list" -> list = true;
            case "--verbose" -> verbose = true;
            case "--explain" -> explained = operand(word, left);
            case "--vectors" -> vectors = Operand.path(word, operand(word, left));
            case "--junit" -> junit = Operand.path(word, operand(word, left));
            case "--json" -> json = Operand.path(word, operand(word, left));
            case "--timeout" -> session = Session.of(Operand.seconds(operand(word, left)));
            case "--only" -> only.add(Operand.glob(word, operand(word, left)));
            case "--skip" -> skipped.add(Selection.Entry.parse(operand(word, left), word));
            case "--expect" -> expected.addAll(Selection.read(Operand.path(word, operand(word, left))));
            case "--level" -> level = Operand.level(operand(word, left));
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

    /** Takes the words for the interpreter whose place the kit has taken: none of them is for the kit. */
    private void program(Deque<String> left) throws Usage {
        if (!isChild()) {
            throw new Usage("there is no option -c without --child");
        }
        left.clear();
    }

    /** Makes the files of the reports: that one cannot be written is told before hours of cases. */
    private void checkFiles() throws Usage {
        Operand.checkFile("--junit", junit);
        Operand.checkFile("--json", json);
        Operand.checkFile("--report", report);
    }

    /** Tells whether something is printed and nothing is run. */
    boolean isInformation() {
        return list || explained != null || vectors != null;
    }

    boolean isVerbose() {
        return verbose;
    }

    /** Returns the name of the case to be explained; null for none. */
    String explained() {
        return explained;
    }

    /** Returns the folder for the recorded pickles; null for none. */
    Path vectors() {
        return vectors;
    }

    /** Returns where to write the report in JSON; null for nowhere. */
    Path json() {
        return json;
    }

    /** Returns what is not run, and what is known to fail. */
    Selection selection() {
        return new Selection(List.copyOf(skipped), List.copyOf(expected));
    }

    boolean isList() {
        return list;
    }

    /** Returns where to write JUnit's report; null for nowhere. */
    Path junit() {
        return junit;
    }

    boolean isChild() {
        return "--child".equals(mode);
    }

    /** Returns the cases to run. */
    List<Case> cases() throws Usage {
        List<Case> chosen = Catalogue.all().stream()
                .filter(each -> mode == null || isForMode(each))
                .filter(each -> each.guide().level().compareTo(level) <= 0)
                .filter(each -> only.isEmpty() || only.stream().anyMatch(glob -> glob.matches(Path.of(each.name()))))
                .toList();
        if (isChild() && Catalogue.all().stream().noneMatch(this::isEnd)) {
            throw new Usage("--end is shutdown, bad-magic, oversize or detach, not " + end);
        }
        if (chosen.isEmpty()) {
            throw new Usage("no case has a name like that; --list shows all");
        }
        return chosen;
    }

    private boolean isForMode(Case each) {
        return switch (mode) {
            case "--child" -> each.role() == Role.PARENT || isEnd(each);
            case "--unix" -> each.role() == Role.LISTENER;
            default -> each.role() == (relay ? Role.RELAY : Role.CHILD);
        };
    }

    private boolean isEnd(Case each) {
        return each.role() == Role.PARENT_AT_END && each.name().equals("parent.end." + end);
    }

    /** Returns whose implementation it is. */
    Kind kind() throws Usage {
        if (of == null) {
            return "--python".equals(mode) ? Kind.PYTHON : "--jvm".equals(mode) ? Kind.JVM : Kind.OTHER;
        }
        return switch (of) {
            case "python" -> Kind.PYTHON;
            case "jvm" -> Kind.JVM;
            default -> throw new Usage("--of is python or jvm, not " + of);
        };
    }

    /** Returns what the cases work on. */
    Stand stand() throws Usage, IOException {
        if (mode.equals("--unix")) {
            return new ListenerStand(Operand.path(mode, operand), session, context);
        }
        return new Bench(target());
    }

    /** Returns what they work on where the kit is a child, with its standard input and output as the link. */
    ParentStand below() {
        Link.Streams link = new Link.Streams(
                new FileInputStream(FileDescriptor.in),
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
        return new ParentStand(link, session, context);
    }

    /** Returns where lines go when standard output is a link: to a file, or to {@code err}. */
    PrintStream report(PrintStream err) throws IOException {
        return report == null ? err : new PrintStream(Files.newOutputStream(report), true, StandardCharsets.UTF_8);
    }

    /** Returns how to start what is tested. */
    private Target target() throws Usage, IOException {
        return switch (mode) {
            case "--command" -> new CommandTarget(operand, dialect(), session);
            case "--python" -> new PythonTarget(operand, folder, session);
            default -> new JvmTarget(operand, session);
        };
    }

    private Dialect dialect() throws Usage {
        return switch (dialect) {
            case "python" -> new PythonDialect();
            case "neutral" -> new NeutralDialect();
            case "java" -> new JavaDialect();
            default -> throw new Usage("--dialect is python, neutral or java, not " + dialect);
        };
    }
}
