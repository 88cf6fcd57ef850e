// SPDX-License-Identifier: BSD-3-Clause

import io.mitogen.connect.Local;
import io.mitogen.connect.Sudo;
import io.mitogen.core.call.ChildContext;
import io.mitogen.core.call.ConnectionMethod;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.Receiver;
import io.mitogen.core.call.Sender;
import io.mitogen.core.concurrent.WaitTimeoutException;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.parent.ConnectException;
import io.mitogen.ssh.Ssh;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Counts the files below a folder in nine contexts and more: four that this program starts, a chain of five in which each is
 * started by the one before, and, where this machine allows it without questions, one in root's account and one over ssh. Run it
 * with {@code bin/quickstart [DIR]}.
 */
public final class Quickstart {
    private static final int CHAIN_LENGTH = 5;
    private static final int FOLDERS_PER_CONTEXT = 2; // at least; the more, the more even the shares
    private static final int SHOWN_EXTENSIONS = 12;
    private static final int SHOWN_PROBLEMS = 20;
    private static final int LONGEST_EXTENSION = 16;

    private Quickstart() {}

    public static void main(String[] args) throws Exception {
        Path top;
        try {
            top = folder(args);
        } catch (IllegalArgumentException e) {
            System.err.println("quickstart: " + shown(e.getMessage()));
            System.err.println("usage: bin/quickstart [DIR]");
            System.exit(2);
            return;
        }
        String total = Mitogen.compute(router -> count(router, top)); // ends all contexts, whatever happens
        System.out.println(total);
    }

    private static Path folder(String[] args) throws IOException {
        if (args.length > 1) {
            throw new IllegalArgumentException("one folder at most, not " + args.length + " arguments");
        }
        String name = args.length == 0 ? System.getProperty("java.home") : args[0];
        Path path = Path.of(name);
        if (name.isEmpty() || !Files.exists(path)) {
            throw new IllegalArgumentException("there is no folder '" + name + "'");
        }
        if (!Files.isDirectory(path)) {
            throw new IllegalArgumentException(path + " is not a folder");
        }
        return path.toRealPath();
    }

    // == In the master ==

    private static String count(MasterRouter router, Path top) throws Exception {
        long startNs = System.nanoTime();
        System.out.println("counting files in " + shown(top));

        List<Context> contexts = startContexts(router);
        System.out.println("contexts:");
        System.out.println("  this program, pid " + pid());
        for (int i = 0; i < contexts.size(); i++) {
            int depth = Math.max(0, i - (contexts.size() - CHAIN_LENGTH)); // how many contexts it lies below
            print(contexts.get(i), depth);
        }
        // The java of this program: one that is found there may be too old for its classes.
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        tryToStart(router, Sudo.to("root").java(java).arguments("-n"), contexts); // -n: rather fail than ask
        tryToStart(router, Ssh.to("localhost").java(java).arguments("-o", "BatchMode=yes"), contexts);

        // Take the top apart until there are enough folders to share out.
        Map<String, List<Long>> totals = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        Deque<Path> folders = new ArrayDeque<>(List.of(top));
        while (!folders.isEmpty() && folders.size() < contexts.size() * FOLDERS_PER_CONTEXT) {
            countFolder(folders.removeLast(), folders, totals, problems);
        }
        List<List<String>> shares = new ArrayList<>();
        contexts.forEach(context -> shares.add(new ArrayList<>()));
        for (int i = 0; !folders.isEmpty(); i++) {
            shares.get(i % shares.size()).add(folders.remove().toUri().toString()); // a URI keeps every byte of a name
        }

        // Scatter: all contexts work at the same time. Gather: wait for each one's answer.
        try (Receiver reports = router.receiver()) {
            List<CompletableFuture<Map<String, List<Long>>>> answers = new ArrayList<>();
            for (int i = 0; i < contexts.size(); i++) {
                answers.add(contexts.get(i).callAsync(Quickstart::countShare, shares.get(i), reports.toSender()));
            }
            for (CompletableFuture<Map<String, List<Long>>> answer : answers) {
                answer.join().forEach((extension, sums) -> add(totals, extension, sums.get(0), sums.get(1)));
            }
            drain(reports, problems);
        }
        report(totals, problems);
        System.out.printf("took %.1f s%n", (System.nanoTime() - startNs) / 1e9);
        return "total: " + sum(totals, 0) + " files, " + sum(totals, 1) + " bytes";
    }

    private static List<Context> startContexts(MasterRouter router) throws InterruptedException {
        List<CompletableFuture<Context>> starting = List.of(
                router.connectAsync(Local.create()),
                router.connectAsync(Local.create().name("i-have-a-name")),
                router.connectAsync(Local.create()),
                router.connectAsync(Local.create()),
                router.connectAsync(Local.create().name("chain-1")));
        List<Context> contexts = new ArrayList<>();
        for (CompletableFuture<Context> context : starting) {
            contexts.add(context.join());
        }
        Context first = contexts.get(contexts.size() - 1);
        contexts.addAll(first.call(Quickstart::startChain, 2, CHAIN_LENGTH));
        return contexts;
    }

    private static void tryToStart(MasterRouter router, ConnectionMethod method, List<Context> contexts) {
        try {
            Context context = router.connect(method);
            print(context, 0);
            contexts.add(context);
        } catch (ConnectException e) {
            System.out.println("  without " + method + ", which this machine does not allow without questions: " + e.reason());
        }
    }

    private static void print(Context context, int depth) {
        System.out.println("  " + "   ".repeat(depth) + "+- " + context.name() + ", id " + context.id() + ", pid "
                + context.call(Quickstart::pid));
    }

    private static void drain(Receiver reports, List<String> problems) throws InterruptedException {
        try {
            while (true) {
                problems.add((String) reports.get(Duration.ZERO));
            }
        } catch (WaitTimeoutException expected) {
            // A context sends its reports before its answer, and all answers are here: there is nothing more to come.
        }
    }

    private static void report(Map<String, List<Long>> totals, List<String> problems) {
        List<String> extensions = new ArrayList<>(totals.keySet());
        extensions.sort(Comparator.comparing((String extension) -> totals.get(extension).get(1))
                .reversed());
        long files = 0;
        long bytes = 0;
        System.out.printf("%-20s %12s %16s%n", "extension", "files", "bytes");
        for (int i = 0; i < extensions.size(); i++) {
            List<Long> sums = totals.get(extensions.get(i));
            if (i < SHOWN_EXTENSIONS) {
                System.out.printf("%-20s %12d %16d%n", extensions.get(i), sums.get(0), sums.get(1));
            } else {
                files += sums.get(0);
                bytes += sums.get(1);
            }
        }
        if (extensions.size() > SHOWN_EXTENSIONS) {
            System.out.printf("%-20s %12d %16d%n", "(others)", files, bytes);
        }
        if (!problems.isEmpty()) {
            System.out.println("not counted, because it could not be read:");
            problems.stream().limit(SHOWN_PROBLEMS).forEach(problem -> System.out.println("  " + problem));
            if (problems.size() > SHOWN_PROBLEMS) {
                System.out.println("  and " + (problems.size() - SHOWN_PROBLEMS) + " more");
            }
        }
    }

    private static long sum(Map<String, List<Long>> totals, int column) {
        return totals.values().stream().mapToLong(sums -> sums.get(column)).sum();
    }

    // == In the contexts ==

    static long pid() {
        return ProcessHandle.current().pid();
    }

    /** Starts the next context of the chain below this one, which starts the one after it, and returns them all. */
    static List<Context> startChain(ChildContext child, int number, int last) {
        List<Context> started = new ArrayList<>();
        if (number <= last) {
            Context next = child.connect(Local.create().name("chain-" + number));
            started.add(next);
            started.addAll(next.call(Quickstart::startChain, number + 1, last));
        }
        return started;
    }

    /** Counts all files below {@code folders}; sends what cannot be read to {@code reports}. */
    static Map<String, List<Long>> countShare(List<String> folders, Sender reports) {
        Map<String, List<Long>> totals = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        Deque<Path> waiting = new ArrayDeque<>();
        for (String folder : folders) {
            waiting.push(Path.of(URI.create(folder)));
        }
        int seen = 0;
        for (; !waiting.isEmpty(); seen++) {
            countFolder(waiting.pop(), waiting, totals, problems);
        }
        problems.forEach(reports::send);
        System.out.println("I counted " + sum(totals, 0) + " files in " + seen + " folders"); // a log line in the master
        return totals;
    }

    // == In both ==

    /** Counts the files in {@code folder} itself and adds its sub-folders to {@code waiting}. Follows no links. */
    private static void countFolder(
            Path folder, Deque<Path> waiting, Map<String, List<Long>> totals, List<String> problems) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                countEntry(entry, waiting, totals, problems);
            }
        } catch (DirectoryIteratorException e) {
            problems.add(problem(folder, e.getCause()));
        } catch (IOException e) {
            problems.add(problem(folder, e));
        }
    }

    private static void countEntry(
            Path entry, Deque<Path> waiting, Map<String, List<Long>> totals, List<String> problems) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isDirectory()) {
                waiting.push(entry);
            } else if (attributes.isRegularFile()) {
                add(totals, extension(entry.getFileName().toString()), 1, attributes.size());
            }
        } catch (IOException e) {
            problems.add(problem(entry, e));
        }
    }

    private static void add(Map<String, List<Long>> totals, String extension, long files, long bytes) {
        totals.merge(
                extension,
                List.of(files, bytes),
                (a, b) -> List.of(a.get(0) + b.get(0), a.get(1) + b.get(1)));
    }

    private static String extension(String fileName) {
        int dot = fileName.lastIndexOf('.');
        boolean usable = dot > 0 && dot < fileName.length() - 1 && fileName.length() - dot <= LONGEST_EXTENSION;
        return usable ? shown(fileName.substring(dot)) : "(none)";
    }

    private static String problem(Path path, IOException e) {
        String reason = e instanceof FileSystemException ? ((FileSystemException) e).getReason() : e.getMessage();
        return shown(path) + ": " + (reason == null ? e.getClass().getSimpleName() : reason);
    }

    /** Returns a name as it may be printed: on one line, whatever is in it. */
    private static String shown(Object name) {
        return name.toString().replaceAll("[\\p{Cntrl}\\p{Cs}\\p{Co}\\p{Cn}\uFFFD]", "?");
    }
}
