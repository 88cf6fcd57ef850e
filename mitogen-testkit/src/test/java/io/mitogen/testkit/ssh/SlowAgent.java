// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CountDownLatch;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** An agent in a target's {@code JAVA_TOOL_OPTIONS}, which runs before any class of ours. */
public final class SlowAgent {
    private static final int LINES = 2_000;

    private SlowAgent() {}

    /** Prints more than a pipe holds; then does as it is told. */
    public static void premain(String order) throws InterruptedException {
        for (int i = 0; i < LINES; i++) {
            System.out.println("the agent has read rule " + i + " of the very many that it was given by its makers");
        }
        if (order.equals("stay")) {
            new Thread(SlowAgent::hang).start();
        } else if (order.equals("hang")) {
            hang();
        }
    }

    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException expected) {
            // nobody does
        }
    }

    /** Returns a script in the place of {@code java} that gives the real one this agent. */
    static Path java(Path folder, String order) throws IOException {
        String name = SlowAgent.class.getName().replace('.', '/') + ".class";
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", SlowAgent.class.getName());
        Path jar = folder.resolve("agent.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                InputStream in = SlowAgent.class.getClassLoader().getResourceAsStream(name)) {
            out.putNextEntry(new ZipEntry(name));
            in.transferTo(out);
        }
        Path script = folder.resolve("java");
        Files.writeString(
                script,
                "#!/bin/sh\nexport JAVA_TOOL_OPTIONS=-javaagent:" + jar + "=" + order + "\n"
                        + Path.of(System.getProperty("java.home"), "bin", "java") + " \"$@\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }
}
