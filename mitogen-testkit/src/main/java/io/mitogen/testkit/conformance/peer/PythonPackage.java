// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import io.mitogen.testkit.conformance.wire.Tuple;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folder of an installed {@code mitogen} package, whose files are served as modules. Immutable, any thread. */
final class PythonPackage implements Modules {
    private static final Pattern VERSION = Pattern.compile("(?m)^__version__ = \\(([^)]*)\\)");

    private final Path folder;
    private final String core;
    private final Tuple version;

    /** @param folder the one with {@code core.py} */
    PythonPackage(Path folder) throws IOException {
        this.folder = folder;
        this.core = Files.readString(folder.resolve("core.py"));
        Matcher found = VERSION.matcher(Files.readString(folder.resolve("__init__.py")));
        if (!found.find()) {
            throw new IOException(folder.resolve("__init__.py") + " tells no __version__");
        }
        List<Object> parts = new ArrayList<>();
        for (String part : found.group(1).split(",\\s*")) {
            parts.add(part.matches("\\d+") ? new BigInteger(part) : part.replaceAll("\\W", ""));
        }
        this.version = new Tuple(parts);
    }

    String core() {
        return core;
    }

    Tuple version() {
        return version;
    }

    @Override
    public byte[] answer(String name) {
        if (!name.startsWith("mitogen.")) {
            return Modules.missing(name);
        }
        Path path = folder.resolve(name.substring("mitogen.".length()).replace('.', '/'));
        try {
            Path module = path.resolveSibling(path.getFileName() + ".py");
            if (Files.exists(module)) {
                return Modules.found(name, null, Files.readAllBytes(module), List.of());
            }
            Path init = path.resolve("__init__.py");
            if (Files.exists(init)) {
                return Modules.found(name, children(path), Files.readAllBytes(init), List.of());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Modules.missing(name);
    }

    private static List<String> children(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(".py") && !name.equals("__init__.py"))
                    .map(name -> name.substring(0, name.length() - ".py".length()))
                    .sorted()
                    .toList();
        }
    }

    /** Asks {@code interpreter} where its own package lies. */
    static PythonPackage of(String interpreter, Duration patience) throws IOException {
        String file = ask(interpreter, "import mitogen; print(mitogen.__file__)", patience);
        if (file.isEmpty()) {
            throw new IOException(
                    interpreter + " has no package mitogen: install it, or name its folder with --package");
        }
        return new PythonPackage(Path.of(file).getParent());
    }

    /** Returns the major version of {@code interpreter}. */
    static int major(String interpreter, Duration patience) throws IOException {
        String major = ask(interpreter, "import sys; print(sys.version_info[0])", patience);
        if (!major.matches("\\d")) {
            throw new IOException(interpreter + " is no interpreter of Python: it did not say its version");
        }
        return Integer.parseInt(major);
    }

    /** Returns what a program prints; a file takes it, because what the interpreter started may keep a pipe open. */
    private static String ask(String interpreter, String program, Duration patience) throws IOException {
        Path printed = Files.createTempFile("conformance", ".txt");
        try {
            Process process = new ProcessBuilder(interpreter, "-c", program)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectOutput(printed.toFile())
                    .start();
            process.getOutputStream().close();
            if (!endsWithin(process, patience)) {
                new ProcessTree(process.toHandle()).kill();
                throw new IOException(
                        interpreter + " did not end within " + patience.toMillis() / 1000.0 + " s: " + program);
            }
            return Files.readString(printed).trim();
        } finally {
            Files.delete(printed);
        }
    }

    private static boolean endsWithin(Process process, Duration patience) {
        try {
            return process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
