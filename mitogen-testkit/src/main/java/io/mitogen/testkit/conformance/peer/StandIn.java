// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A program to be started in the place of an interpreter or of {@code java}: whoever starts it gets the kit as its child. Its file lies in a folder
 * of its own until this is closed. One thread.
 */
final class StandIn implements Closeable {
    /** How long a stubborn process lives at most. */
    private static final int STUBBORN_S = 300;

    private final List<ProcessHandle> processes = new ArrayList<>();
    private final Path folder;
    private final ServerSocket server;
    private final String word = new BigInteger(128, new SecureRandom()).toString(Character.MAX_RADIX);
    private final Duration patience;

    /**
     * A process of the program.
     *
     * @param socket its standard input and output
     * @param process null where it is none, but a part of a test
     */
    record Started(Socket socket, ProcessHandle process) {}

    /**
     * @param linkIn the descriptor at which such a program finds the link's input
     * @param linkOut the one of its output
     */
    StandIn(int linkIn, int linkOut, Duration patience) throws IOException {
        this.patience = patience;
        folder = Files.createTempDirectory(
                "conformance", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        server.setSoTimeout(Math.max(1, (int) patience.toMillis()));
        String pump =
                quoted(Path.of(System.getProperty("java.home"), "bin", "java").toString())
                        + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData -cp " + quoted(classPath()) + " "
                        + Pump.class.getName() + " " + server.getLocalPort() + " " + word + " $$";
        String others = linkIn == 0 ? "" : " 3<&- 4>&- 5>&-";
        write(program(), "exec " + pump + (linkIn == 0 ? "" : " <&" + linkIn + " >&" + linkOut + others));
        write(
                stubbornProgram(),
                "trap '' TERM HUP INT",
                "exec 8<&" + linkIn + " 9>&" + linkOut,
                pump + " <&8 >&9 2>/dev/null 8<&- 9>&-" + others + " &",
                "exec sleep " + STUBBORN_S + " </dev/null >/dev/null 2>/dev/null 8<&- 9>&-" + others);
    }

    private static void write(Path program, String... lines) throws IOException {
        Files.writeString(program, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    Path program() {
        return folder.resolve("program");
    }

    /** Returns a program that goes on when its link is closed, and that TERM does not end. */
    Path stubbornProgram() {
        return folder.resolve("stubborn");
    }

    /** Waits until somebody has started one of both. */
    Started accept() throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Socket socket = server.accept();
            socket.setSoTimeout(Math.max(1, (int) patience.toMillis()));
            socket.setTcpNoDelay(true);
            String[] words = readLine(socket).split(" ", 2);
            if (words[0].equals(word)) {
                return new Started(socket, words.length < 2 ? null : process(words[1]));
            }
            socket.close(); // of somebody else
            if (deadline - System.nanoTime() <= 0) {
                throw new SocketTimeoutException("nobody connected but strangers");
            }
        }
    }

    private ProcessHandle process(String pid) {
        ProcessHandle process = ProcessHandle.of(Long.parseLong(pid)).orElse(null);
        if (process != null) {
            processes.add(process);
        }
        return process;
    }

    private static String readLine(Socket socket) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = socket.getInputStream().read();
                b >= 0 && b != '\n';
                b = socket.getInputStream().read()) {
            line.write(b);
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (ProcessHandle each : processes) {
            new ProcessTree(each).kill(); // those that the implementation should have ended, and did not
        }
        Files.deleteIfExists(program());
        Files.deleteIfExists(stubbornProgram());
        Files.deleteIfExists(folder);
    }
}
