// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.Nullable;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The program that {@code SSH_ASKPASS} names: it shows a question on its standard error and prints the answer that it reads from
 * an {@link AnswerPipe}. One for all attempts of a parent. Any thread.
 *
 * <p>It is a file without a name: deleted as soon as this process has it open, and run by its descriptor's path, so that
 * nothing is left of it however this process ends.
 */
final class AskPass implements AutoCloseable {
    /** The variable that holds what sets an attempt's questions apart from anything else on standard error. */
    static final String MARK_VARIABLE = "MITOGEN_ASK";

    /** The variable that holds where to read the answer. */
    static final String ANSWERS_VARIABLE = "MITOGEN_ANSWERS";

    /*
     * A question is: a line with the mark, the helper's pid, its parent's pid and what OpenSSH says of its kind; its text; a line
     * with the mark and a full stop. An answer is a line that begins with the helper's pid: what was meant for a helper that
     * ended before it could read is never taken by the next.
     */
    private static final String SCRIPT = String.join(
            "\n",
            "#!/bin/sh",
            "[ -z \"$MITOGEN_PROBE\" ] || exit 42",
            "exec 3<\"${MITOGEN_ANSWERS%=*}\" || exit 1",
            "[ \"$(readlink /proc/self/fd/3)\" = \"${MITOGEN_ANSWERS#*=}\" ] || exit 1",
            "printf '\\n%s %s %s %s\\n%s\\n%s.\\n' \"$MITOGEN_ASK\" $$ $PPID \"$SSH_ASKPASS_PROMPT\" \"$1\" \"$MITOGEN_ASK\" >&2",
            "while IFS= read -r answer <&3; do",
            "  case $answer in",
            "    $$=*) printf '%s\\n' \"${answer#*=}\"; exit 0;;",
            "    $$-) exit 1;;",
            "  esac",
            "done",
            "exit 1",
            "");
    private static final String PROBE_VARIABLE = "MITOGEN_PROBE";
    private static final int PROBED = 42; // what the program exits with then
    private static final long PROBE_S = 10;

    private static final String NO_ACCESS =
            ", since the system hides this process's descriptors: its java has file capabilities"
                    + " (getcap) or may not be read by this account, or a security module forbids it";

    private static final FileAttribute<Set<PosixFilePermission>> FOR_OWNER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private @Nullable FileChannel program; // guarded by this, as the next
    private @Nullable String path;
    private boolean closed;

    /** Returns the path of the program, which works until this is closed. */
    synchronized String path() throws IOException {
        if (closed) {
            throw new IOException("nothing is connected any more");
        }
        if (path == null) {
            List<String> refused = new ArrayList<>();
            for (Path folder : folders()) {
                if (makeIn(folder, refused)) {
                    return path;
                }
            }
            throw new IOException(
                    "no folder where a program may be written and run, which asking for passwords needs; tried "
                            + String.join(", ", refused));
        }
        return path;
    }

    private static List<Path> folders() {
        List<Path> folders = new ArrayList<>();
        folders.add(Path.of("/dev/shm"));
        String own = System.getenv("XDG_RUNTIME_DIR");
        if (own != null && !own.isBlank()) {
            folders.add(Path.of(own));
        }
        folders.add(Path.of(System.getProperty("java.io.tmpdir")));
        folders.add(Path.of("/tmp"));
        folders.add(Path.of("/var/tmp"));
        folders.add(Path.of(System.getProperty("user.home")));
        return folders;
    }

    private boolean makeIn(Path folder, List<String> refused) {
        Path file = null;
        try {
            file = Files.createTempFile(folder, "mitogen-askpass", "", FOR_OWNER);
            Files.write(file, SCRIPT.getBytes(StandardCharsets.UTF_8));
            if (!Files.isExecutable(file)) {
                refused.add(folder + " (mounted noexec)");
                return false;
            }
            program = FileChannel.open(file, StandardOpenOption.READ);
            path = AnswerPipe.path(descriptorOf(file.toRealPath()));
            if (!canBeRun(path)) {
                refused.add(
                        folder + " (" + path + " cannot be run by another process of this account" + NO_ACCESS + ")");
                closeProgram();
                return false;
            }
            return true;
        } catch (IOException e) {
            closeProgram();
            refused.add(folder + " (" + e.getMessage() + ")");
            return false;
        } finally {
            delete(file);
        }
    }

    /**
     * Has a child run the program, as ssh will: the system may close the descriptors of this process to it, and ssh would go on
     * without a word, and log in with empty answers.
     */
    private static boolean canBeRun(String program) throws IOException {
        ProcessBuilder probe = new ProcessBuilder(program).redirectErrorStream(true);
        probe.environment().put(PROBE_VARIABLE, "1");
        Process child;
        try {
            synchronized (PipeStarter.STARTING) {
                Shortage.checkDescriptors();
                child = JdkThreads.start(probe);
            }
        } catch (IOException e) {
            if (Shortage.behind(e) != null) {
                throw e;
            }
            return false;
        }
        try {
            child.getOutputStream().close();
            return child.waitFor(PROBE_S, TimeUnit.SECONDS) && child.exitValue() == PROBED;
        } catch (InterruptedException expected) { // the attempt was given up
            Thread.currentThread().interrupt();
            return false;
        } finally {
            child.destroyForcibly();
        }
    }

    private static void delete(@Nullable Path file) {
        try {
            if (file != null) {
                Files.delete(file);
            }
        } catch (IOException expected) {
            // somebody cleaned up first
        }
    }

    private static int descriptorOf(Path file) throws IOException {
        String[] numbers = new File("/proc/self/fd").list();
        for (String number : numbers == null ? new String[0] : numbers) {
            Path link = Path.of("/proc/self/fd", number);
            if (Files.isSymbolicLink(link) && file.equals(Files.readSymbolicLink(link))) {
                return Integer.parseInt(number);
            }
        }
        throw new IOException("/proc/self/fd does not show " + file);
    }

    private void closeProgram() {
        try {
            if (program != null) {
                program.close();
            }
        } catch (IOException expected) {
            // it was only read
        }
        program = null;
        path = null;
    }

    @Override
    public synchronized void close() {
        closed = true;
        closeProgram();
    }
}
