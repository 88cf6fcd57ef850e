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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A program to be started in the place of an interpreter or of {@code java}: whoever starts it gets the kit as its child. Its file lies in a folder
 * of its own until this is closed. One thread.
 */
final class StandIn implements Closeable {
    private final Path folder;
    private final ServerSocket server;
    private final String word = new BigInteger(128, new SecureRandom()).toString(Character.MAX_RADIX);
    private final Duration patience;

    /** @param redirections for the shell: where the link is, if not at descriptors 0 and 1 */
    StandIn(String redirections, Duration patience) throws IOException {
        this.patience = patience;
        folder = Files.createTempDirectory(
                "conformance", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        server.setSoTimeout((int) patience.toMillis());
        String script = "#!/bin/sh\nexec "
                + quoted(Path.of(System.getProperty("java.home"), "bin", "java").toString())
                + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData -cp " + quoted(classPath()) + " "
                + Pump.class.getName() + " " + server.getLocalPort() + " " + word + redirections + "\n";
        Files.writeString(program(), script);
        Files.setPosixFilePermissions(program(), PosixFilePermissions.fromString("rwx------"));
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

    /** Waits until somebody has started it, and returns its standard input and output. */
    Socket accept() throws IOException {
        while (true) {
            Socket socket = server.accept();
            socket.setSoTimeout((int) patience.toMillis());
            socket.setTcpNoDelay(true);
            if (readLine(socket).equals(word)) {
                return socket;
            }
            socket.close();
        }
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
        Files.deleteIfExists(program());
        Files.deleteIfExists(folder);
    }
}
