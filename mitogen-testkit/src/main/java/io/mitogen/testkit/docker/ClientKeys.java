// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

import io.mitogen.core.Nullable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;

/** The throw-away keys of this JVM and what else ssh clients need to have in files, deleted when it ends. Any thread. */
final class ClientKeys implements AutoCloseable {
    private static @Nullable ClientKeys ofThisJvm;

    private final Path folder;
    private final Path identity;

    private ClientKeys() throws IOException {
        folder = Files.createTempDirectory("mitogen-testkit-keys");
        Litter.add(this);
        identity = generate("");
    }

    static synchronized ClientKeys ofThisJvm() {
        if (ofThisJvm == null) {
            try {
                ofThisJvm = new ClientKeys();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot make a folder for keys", e);
            }
        }
        return ofThisJvm;
    }

    /** Returns the file of the private key that every host accepts. */
    Path identity() {
        return identity;
    }

    /** Makes a key, locked with {@code passphrase} unless that is empty, and returns the file of its private half. */
    Path generate(String passphrase) {
        Path key = folder.resolve("key-" + UUID.randomUUID());
        try {
            Process process = new ProcessBuilder(
                            "ssh-keygen", "-q", "-t", "ed25519", "-C", "", "-N", passphrase, "-f", key.toString())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            if (exit != 0) {
                throw new IllegalStateException(
                        "ssh-keygen could not make " + key + ", exit code " + exit + ": " + said);
            }
            return key;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run ssh-keygen, of OpenSSH's client", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while ssh-keygen made " + key, e);
        }
    }

    /** Returns the public half of a key as a line for {@code authorized_keys} or, after a name, {@code known_hosts}. */
    static String publicKey(Path key) {
        try {
            return Files.readString(key.resolveSibling(key.getFileName() + ".pub"))
                    .strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the public half of " + key, e);
        }
    }

    /** Writes a new file with this text. */
    Path write(String text) {
        try {
            return Files.writeString(folder.resolve("file-" + UUID.randomUUID()), text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + folder, e);
        }
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
