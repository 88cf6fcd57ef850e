// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.boot;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What tests of this package do in contexts. */
final class Target {
    private Target() {}

    static String folder() {
        return System.getProperty("user.dir");
    }

    static String variable(String name) {
        return System.getenv(name);
    }

    /** The words of this process, each followed by a space. */
    static String commandLine() throws IOException {
        return Files.readString(Path.of("/proc/self/cmdline")).replace('\0', ' ');
    }

    /** What a program that inherits this process's streams prints arrives as log lines, and must not break the link. */
    static int print(String text) throws IOException, InterruptedException {
        return new ProcessBuilder("echo", text).inheritIO().start().waitFor();
    }

    static String collector() {
        return ManagementFactory.getGarbageCollectorMXBeans().get(0).getName();
    }

    static int length(byte[] bytes) {
        return bytes.length;
    }

    static String umask() throws IOException {
        Process shell = new ProcessBuilder("sh", "-c", "umask").start();
        return new String(shell.getInputStream().readAllBytes()).trim();
    }
}
