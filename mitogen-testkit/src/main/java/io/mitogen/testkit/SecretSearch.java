// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks for secrets where none may be: in the command lines and environments of all processes, in files, also deleted ones
 * that a process has open, and in the names of files. Finds a secret as it is and in base64. Tells where it is, never what it
 * is. Linux only; sees what the account may read that runs it. Any thread.
 *
 * <p>The class needs nothing but the JDK, so that it can run in a context on another host:
 *
 * <pre>{@code
 * List<String> found = context.call(SecretSearch::search, secrets, folders);
 * }</pre>
 */
public final class SecretSearch {
    /** Where programs leave temporary files on any host. */
    public static final List<String> TEMPORARY_FOLDERS = List.of("/tmp", "/var/tmp", "/dev/shm", "/run");

    private static final int SHORTEST = 6; // characters; less is found by chance
    private static final int MOST_OF_A_FILE = 4 << 20;
    private static final int DEEPEST = 8; // levels of folders
    private static final int MOST_FILES = 10_000;
    private static final String DEVICE = "unix:dev";
    private static final Set<String> KERNEL = Set.of("proc", "sysfs", "cgroup", "cgroup2", "tracefs", "debugfs");
    private static final int BITS_PER_BYTE = 8;
    private static final int BITS_PER_LETTER = 6; // of base64
    private static final int BYTES_PER_GROUP = 3; // of base64
    private static final String DELETED = " (deleted)"; // what Linux adds to the name of what a descriptor leads to

    /* The patterns come on standard input, as arguments would be found. */
    private static final String SCRIPT = "LC_ALL=C grep -rlasF -D skip -f - /proc/[0-9]*/cmdline /proc/[0-9]*/environ";

    private final List<String> patterns;
    private final Set<String> found = new LinkedHashSet<>();
    private int files;

    private SecretSearch(List<String> secrets) {
        patterns = patterns(secrets);
    }

    /**
     * Searches all processes, and files in {@code folders} and below: the first 4 MiB of each, 10,000 files in all, eight levels
     * of folders.
     *
     * @param secrets each at least 6 characters
     * @param folders need not exist
     * @return the places where a secret was found
     */
    public static ArrayList<String> search(List<String> secrets, List<String> folders) {
        SecretSearch search = new SecretSearch(secrets);
        search.searchProcesses();
        for (String folder : folders) {
            search.searchFolder(Path.of(folder), 0);
        }
        return new ArrayList<>(search.found);
    }

    /**
     * Searches a text, such as a log.
     *
     * @param name what to call it in the result
     * @return {@code name} with the number of each line where a secret was found
     */
    public static List<String> searchText(List<String> secrets, String name, String text) {
        SecretSearch search = new SecretSearch(secrets);
        List<String> places = new ArrayList<>();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (search.isIn(lines[i].getBytes(StandardCharsets.UTF_8))) {
                places.add(name + ", line " + (i + 1));
            }
        }
        return places;
    }

    /**
     * Searches another host: the command lines and environments of all processes, and all files in {@code folders} and below,
     * whatever their number and size, but neither names nor deleted files. Needs {@code grep} of GNU there.
     *
     * @param secrets each one line of at least 6 characters; they travel on the standard input of the script
     * @return the files where a secret was found; those of processes are in {@code /proc}
     */
    public static List<String> searchHost(HostShell shell, List<String> secrets, List<String> folders)
            throws IOException {
        StringBuilder script = new StringBuilder(SCRIPT);
        for (String folder : folders) {
            script.append(" '").append(folder.replace("'", "'\\''")).append('\'');
        }
        StringBuilder input = new StringBuilder();
        for (String pattern : patterns(secrets)) {
            if (pattern.contains("\n")) {
                throw new IllegalArgumentException("grep finds no secret of several lines");
            }
            input.append(new String(pattern.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                    .append('\n');
        }
        return shell.run(script + "; exit 0", input.toString()).lines().toList();
    }

    /**
     * Returns what to look for, as characters that stand for one byte each: every secret in UTF-8, and the part of its base64
     * that is the same whatever stands before and after it, for each of the three places in a group where it may begin.
     */
    static List<String> patterns(List<String> secrets) {
        List<String> patterns = new ArrayList<>();
        for (String secret : secrets) {
            if (secret.length() < SHORTEST) {
                throw new IllegalArgumentException(
                        "a secret of " + secret.length() + " characters would be found by chance");
            }
            byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
            patterns.add(new String(bytes, StandardCharsets.ISO_8859_1));
            for (int before = 0; before < BYTES_PER_GROUP; before++) {
                byte[] shifted = new byte[before + bytes.length];
                System.arraycopy(bytes, 0, shifted, before, bytes.length);
                int begin = (before * BITS_PER_BYTE + BITS_PER_LETTER - 1) / BITS_PER_LETTER;
                int end = shifted.length * BITS_PER_BYTE / BITS_PER_LETTER;
                patterns.add(Base64.getEncoder().encodeToString(shifted).substring(begin, end));
            }
        }
        return patterns;
    }

    private void searchProcesses() {
        for (String pid : names(new File("/proc"))) {
            if (Character.isDigit(pid.charAt(0))) {
                File process = new File("/proc", pid);
                String name = "process " + pid + " (" + nameOf(process) + ")";
                searchFile(process.toPath().resolve("cmdline"), "command line of " + name);
                searchFile(process.toPath().resolve("environ"), "environment of " + name);
                searchDeletedFiles(new File(process, "fd"), name);
            }
        }
    }

    private void searchDeletedFiles(File descriptors, String name) {
        for (String number : names(descriptors)) {
            File descriptor = new File(descriptors, number);
            try {
                String target = Files.readSymbolicLink(descriptor.toPath()).toString();
                if (target.endsWith(DELETED) && descriptor.isFile()) { // never a pipe, from which reading takes away
                    searchFile(descriptor.toPath(), "deleted file, descriptor " + number + " of " + name);
                }
            } catch (IOException expected) { // closed since it was listed
                continue;
            }
        }
    }

    /** Paths keep the bytes of a name that is no text in the encoding of this JVM, and lead to the file. */
    private void searchFolder(Path folder, int depth) {
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
            for (Path path : paths) {
                searchPath(path, depth);
            }
        } catch (IOException | DirectoryIteratorException expected) { // gone since it was listed, or not ours to read
            return;
        }
    }

    private void searchPath(Path path, int depth) {
        if (isIn(path.toString().getBytes(StandardCharsets.UTF_8))) {
            found.add("name of a file in " + path.getParent());
        } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            if (depth < DEEPEST && !isOfTheKernel(path)) {
                searchFolder(path, depth + 1);
            }
        } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && files++ < MOST_FILES) {
            searchFile(path, "file " + path);
        }
    }

    /** Where systems are built, /proc is a folder like others, and some of its files never end. */
    private static boolean isOfTheKernel(Path folder) {
        try {
            boolean isMounted =
                    !Files.getAttribute(folder, DEVICE).equals(Files.getAttribute(folder.getParent(), DEVICE));
            return isMounted && KERNEL.contains(Files.getFileStore(folder).type());
        } catch (IOException expected) { // gone since it was listed
            return true;
        }
    }

    private void searchFile(Path file, String place) {
        try (InputStream in = Files.newInputStream(file)) {
            if (isIn(in.readNBytes(MOST_OF_A_FILE))) {
                found.add(place);
            }
        } catch (IOException expected) { // gone since it was listed, or not ours to read
            return;
        }
    }

    private String nameOf(File process) {
        try {
            byte[] name = Files.readAllBytes(new File(process, "comm").toPath());
            return isIn(name) ? "?" : new String(name, StandardCharsets.UTF_8).trim();
        } catch (IOException expected) { // it ended
            return "?";
        }
    }

    private boolean isIn(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (String pattern : patterns) {
            if (text.contains(pattern)) {
                return true;
            }
        }
        return false;
    }

    private static String[] names(File folder) {
        String[] names = folder.list();
        return names == null ? new String[0] : names;
    }
}
