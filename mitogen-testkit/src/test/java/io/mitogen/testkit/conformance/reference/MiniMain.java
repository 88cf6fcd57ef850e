// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.reference;

import io.mitogen.testkit.conformance.peer.Link;
import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;

/** The small implementation as a process, for {@code --command}. The argument names what it does wrong. */
public final class MiniMain {
    private MiniMain() {}

    public static void main(String[] words) {
        Link.Streams link = new Link.Streams(
                new BufferedInputStream(new FileInputStream(FileDescriptor.in)),
                new FileOutputStream(FileDescriptor.out));
        System.exit(MiniTarget.play(link, Mutation.valueOf(words[0]), MiniMain::start));
    }

    private static MiniContext.Started start(String program) throws IOException {
        Process process = new ProcessBuilder(program, "-c", "pass")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new MiniContext.Started(new Link.Streams(process.getInputStream(), process.getOutputStream()), process);
    }
}
