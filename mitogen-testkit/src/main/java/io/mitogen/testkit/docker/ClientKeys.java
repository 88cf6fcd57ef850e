// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

import io.mitogen.core.Nullable;
import io.mitogen.testkit.SshClient;
import java.io.IOException;
import java.io.UncheckedIOException;
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
        Litter.ofThisJvm().add(this);
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
            SshClient.generateKey(key, passphrase);
            return key;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a key in " + folder, e);
        }
    }

    /** Returns the public half of a key as a line for {@code authorized_keys} or, after a name, {@code known_hosts}. */
    static String publicKey(Path key) {
        try {
            return SshClient.publicKey(key);
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
