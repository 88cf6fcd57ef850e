// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ship;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** JVMs that have more than the JDK: images with other modules, and agents. A context takes its classes from its parent all the same. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class OwnClassesOfJvmIT {
    private static final String JOB = "com.acme.app.Job";

    private static final String JOB_SOURCE = """
            package com.acme.app;

            import java.util.*;
            import java.util.concurrent.CompletableFuture;

            public final class Job {
                public static String version() {
                    return "VERSION";
                }

                public static List<String> greetings() {
                    List<String> texts = new ArrayList<>();
                    ServiceLoader.load(Greeting.class).forEach(each -> texts.add(each.text()));
                    return texts;
                }

                public static List<String> greetingsInPool() {
                    return CompletableFuture.supplyAsync(Job::greetings).join();
                }

                public static String note() throws Exception {
                    return new String(Job.class.getResourceAsStream("note.txt").readAllBytes());
                }

                /** Returns the classes of these that a module or an agent has brought. */
                public static List<String> brought(List<String> names) throws ClassNotFoundException {
                    List<String> brought = new ArrayList<>();
                    for (String name : names) {
                        Class<?> there = Class.forName(name, false, Job.class.getClassLoader());
                        Class<?> known = Class.forName(name, false, ClassLoader.getSystemClassLoader());
                        boolean isShipped = there.getClassLoader().getClass().getName().startsWith("io.mitogen.");
                        if (known != there || !isShipped || there.getModule().isNamed()) {
                            brought.add(name);
                        }
                    }
                    return brought;
                }

                public static void log(String text) {
                    System.getLogger("com.acme.app").log(System.Logger.Level.WARNING, text);
                }

                public static String attach(String jar) throws Exception {
                    var own = com.sun.tools.attach.VirtualMachine.attach("" + ProcessHandle.current().pid());
                    own.loadAgent(jar);
                    own.detach();
                    return (String) Class.forName("com.acme.agent.Agent").getField("begun").get(null);
                }

                public static String begun() throws Exception {
                    return (String) Class.forName("com.acme.agent.Agent").getField("begun").get(null);
                }
            }
            """;

    private static final String AGENT_SOURCE = """
            package com.acme.agent;

            public final class Agent {
                public static volatile String begun;

                public static void premain(String arguments) {
                    begun = "before main";
                }

                public static void agentmain(String arguments) {
                    begun = "later";
                }
            }
            """;

    @TempDir
    Path folder;

    private final Broker broker = Mitogen.startBroker();
    private final MasterRouter router = new MasterRouter(broker);
    private final Warnings warnings = new Warnings();

    @BeforeEach
    void makeProgram() throws IOException {
        Program program = program("shipped")
                .resource("META-INF/services/com.acme.app.Greeting", "com.acme.app.Polite")
                .compile();
        router.classes()
                .add(new URLClassLoader(
                        new URL[] {program.classes().toUri().toURL()}, ClassLoader.getPlatformClassLoader()));
    }

    @AfterEach
    void close() {
        router.close();
        broker.close();
        warnings.close();
    }

    private Program program(String version) {
        return new Program(folder.resolve(version))
                .source("com/acme/app/Job.java", JOB_SOURCE.replace("VERSION", version))
                .source(
                        "com/acme/app/Greeting.java",
                        "package com.acme.app; public interface Greeting { String text(); }")
                .source(
                        "com/acme/app/Polite.java",
                        "package com.acme.app; public final class Polite implements Greeting { public String text() { return \""
                                + version + "\"; } }")
                .resource("com/acme/app/note.txt", version);
    }

    @Test
    void shouldTakeTheProgramAndThisLibraryFromTheParentWhenTheyAreLinkedIntoTheImageToo() throws Exception {
        Program linked = program("linked").source("module-info.java", """
                        module com.acme.app {
                            requires io.mitogen.master;
                            requires jdk.attach;
                            exports com.acme.app;
                            uses com.acme.app.Greeting;
                            provides com.acme.app.Greeting with com.acme.app.Polite;
                        }
                        """).compile("--module-path", Program.library());
        Path image = folder.resolve("image");
        link(image, "com.acme.app", Program.library() + File.pathSeparator + linked.classes());

        assertTakesNothingFrom(Local.create().java(image.resolve("bin/java").toString()));
    }

    @Test
    void shouldTakeThemFromTheParentWhenAnAgentHasThemInItsJar() throws Exception {
        Path agent = agent();

        Context child = assertTakesNothingFrom(Local.create().jvmOptions("-javaagent:" + agent));

        assertEquals("before main", child.call(JOB, "begun"));
    }

    @Test
    void shouldTakeAnAgentThatIsLoadedWhileItRuns() throws Exception {
        Context child = router.connect(
                Local.create().jvmOptions("-Djdk.attach.allowAttachSelf=true", "-XX:+EnableDynamicAgentLoading"));

        assertEquals("later", child.call(JOB, "attach", agent().toString()));
        assertEquals("shipped", child.call(JOB, "version"));
    }

    private Context assertTakesNothingFrom(Local way) throws Exception {
        Context child = router.connect(way.name("near"));
        assertEquals("shipped", child.call(JOB, "version"));
        assertEquals("shipped", child.call(JOB, "note"));
        assertEquals(List.of("shipped"), child.call(JOB, "greetings"));
        assertEquals(List.of("shipped"), child.call(JOB, "greetingsInPool"));

        Context below = router.connect(way.name("far").via(child));
        assertEquals("shipped", below.call(JOB, "version"));
        child.call(JOB, "log", "said near");
        below.call(JOB, "log", "said far");
        Eventually.until(Duration.ofSeconds(60), "both records", () -> said("said near") && said("said far"));
        List<String> ours = List.of(
                JOB,
                "com.acme.app.Greeting",
                "io.mitogen.core.call.Context",
                "io.mitogen.core.boot.ChildMain",
                "io.mitogen.parent.Parenthood",
                "io.mitogen.connect.Local",
                "io.mitogen.logging.JulForwarding");
        assertEquals(List.of(), child.call(JOB, "brought", ours));
        assertEquals(2, warnings.texts().size(), () -> warnings.texts().toString());
        return child;
    }

    private boolean said(String text) {
        return warnings.texts().stream()
                .anyMatch(each -> each.endsWith("com.acme.app: " + text) || each.endsWith(text));
    }

    private static void link(Path image, String module, String modulePath) {
        int status = ToolProvider.findFirst("jlink")
                .orElseThrow()
                .run(
                        new PrintWriter(System.out, true),
                        new PrintWriter(System.err, true),
                        "--add-modules",
                        module,
                        "--module-path",
                        modulePath,
                        "--output",
                        image.toString());
        assertEquals(0, status);
        assertTrue(Files.isExecutable(image.resolve("bin/java")));
    }

    /** Copies a folder or what is in a jar. */
    private static void copy(Path from, Path to) throws IOException {
        if (Files.isDirectory(from)) {
            Program.copyTree(from, to);
            return;
        }
        try (FileSystem jar = FileSystems.newFileSystem(from)) {
            Program.copyTree(jar.getPath("/"), to);
        }
    }

    /** Returns the jar of an agent that has this library and an older program in it. */
    private Path agent() throws IOException {
        Program older = program("older")
                .source("com/acme/agent/Agent.java", AGENT_SOURCE)
                .resource("META-INF/services/com.acme.app.Greeting", "com.acme.app.Polite")
                .compile();
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Premain-Class", "com.acme.agent.Agent");
        main.putValue("Agent-Class", "com.acme.agent.Agent");
        Path content = folder.resolve("content");
        for (Path part : List.of(Program.core(), Program.master(), older.classes())) {
            copy(part, content);
        }
        Path jar = folder.resolve("agent.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                Stream<Path> files = Files.walk(content)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                String name = content.relativize(each).toString();
                if (!name.equals("META-INF/MANIFEST.MF") && !name.equals("module-info.class")) {
                    out.putNextEntry(new JarEntry(name));
                    Files.copy(each, out);
                }
            }
        }
        return jar;
    }
}
