// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.unix;

import io.mitogen.core.Nullable;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Objects;

/** The file of a socket that this process listens at, and nobody else's. Any thread. */
final class SocketFile {
    /*
     * bind() makes the file with the rights that the umask leaves, and clients can connect from then on. So it is called in a
     * folder that only this user can enter; there the file gets its mode, and then a second name, the one that was asked for,
     * which link() makes only if there is nothing of that name. A dead socket of that name is first moved into the folder: what
     * was moved is looked at once more, because another program may have replaced it since.
     */
    private static final int BACKLOG = 100; // as in Python
    private static final int FILE_TYPE = 0170000; // stat(2), as the next
    private static final int SOCKET = 0140000;
    private static final int MAX_PATH_BYTES = 106; // sun_path of Linux has 108; the JDK leaves two
    private static final int ATTEMPTS = 10;
    private static final int RANDOM_BITS = 0xffffff;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path path;
    private final @Nullable Object key;

    private SocketFile(Path path, @Nullable Object key) {
        this.path = path;
        this.key = key;
    }

    /** Returns a path in the folder for temporary files that nobody uses: named as Python does it. */
    static Path unusedPath() {
        return Path.of(System.getProperty("java.io.tmpdir"))
                .resolve("mitogen_unix_" + Long.toString(RANDOM.nextLong() & Long.MAX_VALUE, Character.MAX_RADIX)
                        + ".sock");
    }

    /** Binds {@code channel} to {@code path}, for its user only; takes the place of a socket at which nobody listens any more. */
    static SocketFile bind(ServerSocketChannel channel, Path path) {
        Path absolute = path.toAbsolutePath();
        int length = absolute.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_PATH_BYTES) { // what is bound is shorter, but no client could connect to it
            throw new UnixListenException(
                    UnixListenException.Reason.PATH_TOO_LONG,
                    absolute,
                    "it has " + length + " bytes, and " + MAX_PATH_BYTES + " are possible; choose a shorter one",
                    null);
        }
        try {
            Path folder = makeFolder(absolute);
            Path made = folder.resolve("s");
            try {
                channel.bind(UnixDomainSocketAddress.of(made), BACKLOG);
                Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
                Object key = keyOf(made);
                publish(made, absolute);
                return new SocketFile(absolute, key);
            } finally {
                Files.deleteIfExists(made);
                Files.delete(folder);
            }
        } catch (IOException | UnsupportedOperationException e) {
            throw explain(absolute, e);
        }
    }

    private static Path makeFolder(Path path) throws IOException {
        while (true) {
            Path folder =
                    path.resolveSibling(".m" + Integer.toString(RANDOM.nextInt() & RANDOM_BITS, Character.MAX_RADIX));
            try {
                return Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (FileAlreadyExistsException expected) {
                // another name, then
            }
        }
    }

    private static void publish(Path made, Path path) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                link(made, path);
                return;
            } catch (FileAlreadyExistsException expected) {
                removeDead(path, made.resolveSibling("d"));
            }
        }
        throw new UnixListenException(
                UnixListenException.Reason.IN_USE, path, "other programs make and leave it all the time", null);
    }

    private static void link(Path made, Path path) throws IOException {
        try {
            Files.createLink(path, made);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException e) { // there are file systems without hard links
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(path.toString());
            }
            Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Removes a socket at which nobody listens, by way of {@code aside}; refuses to remove anything else. */
    private static void removeDead(Path path, Path aside) throws IOException {
        Object found;
        try {
            found = keyOf(path);
            if (!isSocket(path)) {
                throw new UnixListenException(
                        UnixListenException.Reason.NOT_A_SOCKET,
                        path,
                        "there is something that is no socket; choose another path, or remove it",
                        null);
            }
            if (isAlive(path)) {
                throw new UnixListenException(
                        UnixListenException.Reason.IN_USE,
                        path,
                        "another program listens there; choose another path, or end that program",
                        null);
            }
            Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException expected) { // it went by itself
            return;
        }
        if (!Objects.equals(found, keyOf(aside))) {
            link(aside, path); // somebody else's, made a moment ago
        }
        Files.deleteIfExists(aside);
    }

    private static boolean isAlive(Path path) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false); // where too many wait to be accepted, it would wait, too
            probe.connect(UnixDomainSocketAddress.of(path));
            return true;
        } catch (ConnectException expected) { // refused: nobody has it open any more
            return false;
        } catch (BindException e) { // so the JDK names EACCES of a connect
            throw new AccessDeniedException(path.toString(), null, e.getMessage());
        } catch (SocketException e) { // perhaps too many wait to be accepted; in doubt it is not ours to remove
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                throw new NoSuchFileException(path.toString());
            }
            return true;
        }
    }

    /** Tells whether {@code path} itself, not what it may link to, is a socket. */
    static boolean isSocket(Path path) throws IOException {
        return ((int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & FILE_TYPE) == SOCKET;
    }

    /** Returns what tells this file from any other that exists at the same time. */
    private static @Nullable Object keyOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    private static UnixListenException explain(Path path, Exception e) {
        Path folder = path.getParent();
        if (e instanceof NoSuchFileException || e instanceof NotDirectoryException) {
            return new UnixListenException(
                    UnixListenException.Reason.NO_FOLDER, path, "there is no folder " + folder + "; make it first", e);
        }
        if (e instanceof AccessDeniedException) {
            return new UnixListenException(
                    UnixListenException.Reason.PERMISSION_DENIED,
                    path,
                    "this user may not make a file in " + folder + ", or not replace the one that is there",
                    e);
        }
        if (e instanceof SocketException && String.valueOf(e.getMessage()).contains("too long")) {
            return new UnixListenException(
                    UnixListenException.Reason.PATH_TOO_LONG,
                    path,
                    "the folder's path has " + String.valueOf(folder).length()
                            + " characters, and some 90 are possible; choose a shorter one",
                    e);
        }
        return new UnixListenException(UnixListenException.Reason.FAILED, path, e.toString(), e);
    }

    Path path() {
        return path;
    }

    /** Deletes the file, if it is still the one that was made: while the channel is open, no other can have its key. */
    void delete() {
        try {
            if (Objects.equals(key, keyOf(path))) {
                Files.delete(path);
            }
        } catch (IOException expected) {
            // it went by itself, or its folder is closed to us now; nobody listens there any more
        }
    }
}
