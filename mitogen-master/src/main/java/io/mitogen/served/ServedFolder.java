// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.served;

import io.mitogen.core.Nullable;
import java.io.File;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder whose files are served, by its real path. Immutable, any thread; reads the disk. */
public final class ServedFolder {
    /** The working folder and the home folder, each also as the system knows it: the properties of the JVM may say otherwise. */
    private static final List<Path> PRIVATE = Stream.of(
                    "",
                    "/proc/self/cwd",
                    System.getProperty("user.home", ""),
                    System.getenv().getOrDefault("HOME", ""))
            .map(name -> real(Path.of(name)))
            .toList();

    private final Path folder;

    private ServedFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Returns the folder at {@code place}.
     *
     * @throws IOException when there is none
     */
    public static ServedFolder at(Path place) throws IOException {
        return new ServedFolder(place.toRealPath());
    }

    /**
     * Tells whether it is, or contains, the working folder of this process or the home folder of its user. Most files there were
     * never meant to be served.
     */
    public boolean isWide() {
        return PRIVATE.stream().anyMatch(each -> each.startsWith(folder));
    }

    private static Path real(Path place) {
        try {
            return place.toRealPath();
        } catch (IOException e) { // there is no such folder now
            return place.toAbsolutePath().normalize();
        }
    }

    /**
     * Returns the real path of the file at {@code path}, relative to this folder, with slashes; null when there is no such file, or
     * links lead out of this folder.
     */
    public @Nullable String resolve(String path) {
        try {
            Path real = folder.resolve(path).toRealPath();
            return real.startsWith(folder) ? folder.relativize(real).toString().replace(File.separatorChar, '/') : null;
        } catch (IOException | InvalidPathException e) {
            return null;
        }
    }

    /** Tells whether {@code path} is spelled as on the disk; some systems find a file by other spellings as well. */
    public boolean isSpelled(String path) {
        try {
            return folder.resolve(path).toRealPath(LinkOption.NOFOLLOW_LINKS).endsWith(Path.of(path));
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }

    /** Returns the file at {@code path}, with links unresolved. */
    public Path file(String path) {
        return folder.resolve(path);
    }

    /** Returns the end of the first hidden name in {@code path}, one with a dot in front; 0 when there is none. */
    public static int hiddenEnd(String path) {
        for (int start = 0; start < path.length(); ) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            if (path.charAt(start) == '.') {
                return end;
            }
            start = end + 1;
        }
        return 0;
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
