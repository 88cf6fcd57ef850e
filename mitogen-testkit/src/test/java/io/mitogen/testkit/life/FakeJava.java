// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.life;

import io.mitogen.testkit.docker.OldJava;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Scripts in the place of {@code java}: descriptor 4 leads to the link, 2 to standard error. */
final class FakeJava {
    private final Path folder;

    FakeJava(Path folder) {
        this.folder = folder;
    }

    /** Returns the path of a program that runs these lines. */
    String running(String... lines) throws IOException {
        Path script = Files.createTempFile(
                folder, "java", "", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        return script.toString();
    }

    /** Returns a program that runs the first stage as a Java 8 would; the folder with it is the last argument. */
    String old() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return running(
                "for folder in \"$@\"; do :; done",
                "exec " + java + " -cp \"$folder/boot.jar:" + MasterProgram.placeOf(OldJava.class) + "\" "
                        + OldJava.class.getName() + " \"$folder\"");
    }
}
