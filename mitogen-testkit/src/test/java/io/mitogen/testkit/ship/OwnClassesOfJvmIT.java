// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ship;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.AutoClose;
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

    @AutoClose
    private final ProgramMaster master = new ProgramMaster();

    private final MasterRouter router = master.router;

    @BeforeEach
    void makeProgram() {
        master.serve(program("shipped")
                .resource("META-INF/services/com.acme.app.Greeting", "com.acme.app.Polite")
                .compile());
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
        assertEquals(
                2, master.warnings.texts().size(), () -> master.warnings.texts().toString());
        return child;
    }

    private boolean said(String text) {
        return master.warnings.texts().stream()
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

    /** Returns the jar of an agent that has this library and an older program in it. */
    private Path agent() throws IOException {
        Program older = program("older")
                .source("com/acme/agent/Agent.java", AGENT_SOURCE)
                .resource("META-INF/services/com.acme.app.Greeting", "com.acme.app.Polite")
                .compile();
        Path content = folder.resolve("content");
        for (Path part : List.of(Program.core(), Program.master(), older.classes())) {
            Program.copy(part, content);
        }
        Files.deleteIfExists(content.resolve("module-info.class"));
        String name = "com.acme.agent.Agent";
        return Program.jar(
                folder.resolve("agent.jar"),
                Program.manifest(Map.of("Premain-Class", name, "Agent-Class", name)),
                content);
    }
}
