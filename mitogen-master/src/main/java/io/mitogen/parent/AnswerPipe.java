// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A pipe through which answers reach a program of the same user under a path, so that no file, argument or variable ever holds
 * them. What nobody reads is gone when it is closed. Made by one thread, then inside turns.
 */
final class AnswerPipe implements AutoCloseable {
    private final Pipe pipe;
    private final String path;

    AnswerPipe() throws IOException {
        Pipe made = Pipe.open();
        boolean found = false;
        try {
            synchronized (PipeStarter.STARTING) {
                path = path(new DescriptorFinder().find(made).source());
            }
            made.sink().configureBlocking(false);
            found = true;
        } finally {
            if (!found) {
                close(made);
            }
        }
        pipe = made;
    }

    /** Returns the path under which other processes of this user find a descriptor of this one. */
    static String path(int descriptor) {
        return "/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor;
    }

    /** Returns where to read the answers. */
    String path() {
        return path;
    }

    /**
     * Returns the path, an equals sign and what it leads to, as {@code readlink} prints it: whoever comes late finds something else
     * under the path, perhaps, and must not read from that.
     */
    String address() throws IOException {
        return path + "=" + Files.readSymbolicLink(Path.of(path));
    }

    /** Hands a line on, which must be shorter than a pipe's buffer. */
    void write(byte[] line) throws IOException {
        if (pipe.sink().write(ByteBuffer.wrap(line)) < line.length) {
            throw new IOException("the pipe for answers is full");
        }
    }

    @Override
    public void close() {
        close(pipe);
    }

    private static void close(Pipe pipe) {
        try {
            pipe.sink().close();
            pipe.source().close();
        } catch (IOException expected) {
            // nobody waits for what was in it
        }
    }
}
