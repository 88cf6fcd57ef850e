// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import io.mitogen.core.loop.Broker;
import io.mitogen.master.MasterRouter;
import io.mitogen.testkit.conformance.reference.MiniMain;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How the kit is started from outside, out of the folders of the build. Any thread. */
final class KitCommand {
    private KitCommand() {}

    /** Returns the words of the command. */
    static List<String> words(String... options) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                Stream.of(Main.class, MasterRouter.class, Broker.class)
                        .map(KitCommand::placeOf)
                        .collect(Collectors.joining(":")),
                Main.class.getName(),
                "conformance"));
        words.addAll(List.of(options));
        return words;
    }

    /** Returns a command for a shell: the small implementation as a process. */
    static String mini(String mutation) {
        String path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(each -> "'" + each + "'")
                .collect(Collectors.joining(File.pathSeparator));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return String.join(" ", "exec", java, "-cp", path, MiniMain.class.getName(), mutation);
    }

    private static String placeOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().getPath();
    }

    /** Returns a program that can be named as an interpreter: it becomes the kit, and writes its exit status to a file. */
    static Path interpreter(Path folder, Path status, String... options) throws IOException {
        Path script = Files.createFile(
                folder.resolve("python"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        String command = words(options).stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        Files.writeString(script, "#!/bin/sh\n" + command + " \"$@\"\necho $? > '" + status + "'\n");
        return script;
    }

    /** Returns an interpreter that has Mitogen for Python. */
    static String python() throws IOException, InterruptedException {
        for (String python : List.of("python3", "/usr/bin/python3")) {
            Process process = new ProcessBuilder(python, "-c", "import mitogen.master")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor() == 0) {
                return python;
            }
        }
        throw new IOException("no python3 has the package mitogen; on Debian: apt-get install python3-mitogen");
    }
}
