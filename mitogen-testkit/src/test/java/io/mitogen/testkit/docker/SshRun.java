// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the plain {@code ssh} program made of a command. */
record SshRun(int exitCode, String out, String err) {
    static SshRun of(DockerHost host, Account account, String command) throws IOException, InterruptedException {
        return of(host.sshCommand(account, command));
    }

    static SshRun of(List<String> words) throws IOException, InterruptedException {
        Path out = Files.createTempFile("ssh", ".out");
        Path err = Files.createTempFile("ssh", ".err");
        try {
            Process process = new ProcessBuilder(words)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            process.getOutputStream().close();
            int exit = process.waitFor();
            return new SshRun(exit, Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
