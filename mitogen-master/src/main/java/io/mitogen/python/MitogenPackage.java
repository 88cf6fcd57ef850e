// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.concurrent.Deadline;
import io.mitogen.parent.BootRefusedException;
import io.mitogen.parent.ConnectException;
import io.mitogen.parent.ProgramAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Python package {@code mitogen} in a folder of this machine. Immutable; any thread, but it reads files. */
public final class MitogenPackage {
    private static final Pattern VERSION =
            Pattern.compile("(?m)^__version__\\s*=\\s*(\\(\\s*\\d+\\s*,\\s*\\d+\\s*,\\s*\\d+[^()\\n]*\\))");

    /** Asked in this order: the one of the PATH may be somebody's own and lack what the system's has. */
    private static final List<String> INTERPRETERS = List.of("python3", "/usr/bin/python3", "python");

    /** What lies in the working folder is not asked for: it may be anybody's. */
    private static final String WHERE =
            "import sys; sys.path[:] = [p for p in sys.path if p]; import mitogen; print(mitogen.__path__[0])";

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MAX_ANSWER_BYTES = 64 * 1024;

    private final Path folder;
    private final String version;

    private MitogenPackage(Path folder, String version) {
        this.folder = folder;
        this.version = version;
    }

    /**
     * Returns the package in {@code folder}, which has {@code core.py} in it.
     *
     * @throws IOException when it is not there, with what is missing
     */
    public static MitogenPackage at(Path folder) throws IOException {
        String init = Files.readString(folder.resolve("__init__.py"));
        Matcher version = VERSION.matcher(init);
        if (!version.find() || !Files.isRegularFile(folder.resolve("core.py"))) {
            throw new IOException(folder + " is not the package of Python Mitogen: it has no version or no core.py");
        }
        return new MitogenPackage(folder, version.group(1));
    }

    /**
     * Returns the package that these options name, or the first that an interpreter of this machine has.
     *
     * @throws BootRefusedException when there is none, with where it was looked for
     */
    public static MitogenPackage of(PythonOptions options) {
        if (options.mitogenPackage() != null) {
            try {
                return at(options.mitogenPackage());
            } catch (IOException e) {
                throw notFound("the folder that PythonOptions names has none: " + e);
            }
        }
        StringJoiner tried = new StringJoiner("; ");
        for (String interpreter : INTERPRETERS) {
            try {
                return at(Path.of(askInterpreter(interpreter)));
            } catch (IOException | InvalidPathException e) {
                tried.add(interpreter + ": " + e.getMessage());
            }
        }
        throw notFound("asked the interpreters of this machine for it: " + tried);
    }

    private static BootRefusedException notFound(String where) {
        return new BootRefusedException(
                ConnectException.Reason.NO_PYTHON_MITOGEN,
                "the master has no package `mitogen` for Python to send; " + where
                        + "; install it (Debian: python3-mitogen), or name its folder in PythonOptions");
    }

    /** Returns what an interpreter says of where its package is. */
    private static String askInterpreter(String interpreter) throws IOException {
        ProcessBuilder program = new ProcessBuilder(interpreter, "-c", WHERE).redirectErrorStream(true);
        ProgramAnswer answer;
        try {
            answer = ProgramAnswer.of(program, Deadline.after(PATIENCE), MAX_ANSWER_BYTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while it was asked", e);
        }
        List<String> lines = answer.text().lines().toList();
        String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
        if (answer.exitStatus() != 0 || last.isEmpty()) {
            throw new IOException(last.isEmpty() ? "it said nothing" : last);
        }
        return last;
    }

    /** Returns what Python contexts run: see {@code Parenthood.Settings}. */
    public byte[] runtime() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write((version + "\n").getBytes(StandardCharsets.UTF_8));
        bytes.write(PythonSource.small(Files.readAllBytes(folder.resolve("core.py"))));
        return bytes.toByteArray();
    }

    /** Returns how contexts of this version ask for files. */
    public ResourceForm resourceForm() {
        return ResourceForm.of(version);
    }

    /** Returns where {@code __init__.py} and {@code core.py} are. */
    public Path folder() {
        return folder;
    }

    /** Returns its {@code __version__}, a tuple as Python writes it: {@code (0, 3, 3)}. */
    public String version() {
        return version;
    }
}
