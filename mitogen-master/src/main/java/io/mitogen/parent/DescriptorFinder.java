// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import java.io.File;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the descriptor numbers of a {@link Pipe}, which the JDK does not tell, in Linux's {@code /proc}. One thread at a time.
 *
 * <p>Both ends of a pipe are links to one {@code pipe:[inode]}. Of the pipes with both ends in this process, the one whose
 * reading end changes its {@code O_NONBLOCK} flag when our channel does, both ways, is ours.
 */
final class DescriptorFinder {
    private static final File DESCRIPTORS = new File("/proc/self/fd");
    private static final int ACCESS_MODE = 03;
    private static final int NON_BLOCKING = 04000;

    private final List<Ends> candidates = new ArrayList<>();

    /** The numbers of a pipe's two ends. */
    record Ends(int source, int sink) {}

    /** Looks at the pipes that are open now. */
    DescriptorFinder() throws IOException {
        Map<String, Integer> firstOf = new HashMap<>();
        String[] names = DESCRIPTORS.list();
        if (names == null) {
            throw new IOException("cannot list " + DESCRIPTORS);
        }
        for (String name : names) {
            String target = target(name);
            if (target.startsWith("pipe:")) {
                int number = Integer.parseInt(name);
                Integer other = firstOf.putIfAbsent(target, number);
                if (other != null) {
                    boolean otherReads = (flags(other) & ACCESS_MODE) == 0;
                    candidates.add(otherReads ? new Ends(other, number) : new Ends(number, other));
                }
            }
        }
    }

    static boolean isAvailable() {
        return DESCRIPTORS.isDirectory() && new File("/proc/self/fdinfo").isDirectory();
    }

    /** Returns the numbers of a pipe that was open when this was made, and leaves it blocking. */
    Ends find(Pipe pipe) throws IOException {
        for (int i = 0; i < candidates.size(); i++) {
            Ends ends = candidates.get(i);
            if (follows(pipe, ends.source(), false)
                    && follows(pipe, ends.source(), true)
                    && follows(pipe, ends.source(), false)) {
                candidates.remove(i);
                return ends;
            }
        }
        throw new IOException("cannot find the descriptors of a pipe among " + candidates);
    }

    private static boolean follows(Pipe pipe, int descriptor, boolean nonBlocking) throws IOException {
        pipe.source().configureBlocking(!nonBlocking);
        return ((flags(descriptor) & NON_BLOCKING) != 0) == nonBlocking;
    }

    private static String target(String name) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd", name)).toString();
        } catch (IOException expected) { // closed since it was listed
            return "";
        }
    }

    /** Returns the descriptor's open flags, 1 (write only) when it is closed: it is no candidate then. */
    private static int flags(int descriptor) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo", Integer.toString(descriptor)))) {
                if (line.startsWith("flags:")) {
                    return Integer.parseInt(line.substring("flags:".length()).trim(), 8);
                }
            }
        } catch (IOException expected) {
            // closed meanwhile
        }
        return 1;
    }
}
