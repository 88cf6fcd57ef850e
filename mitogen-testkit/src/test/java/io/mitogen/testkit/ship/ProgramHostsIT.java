// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ship;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mitogen.testkit.ProcessRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One program in JVMs of every kind that its users have: each calls a child and that child's own child. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ProgramHostsIT {
    /** Writes what its contexts answer into a file, since not every host gives it an output. */
    private static final String TREE = """
            import io.mitogen.connect.Local;
            import io.mitogen.core.call.Context;
            import io.mitogen.master.Mitogen;
            import java.nio.file.Files;
            import java.nio.file.Path;

            public class Tree {
                static int sum(int x, int y) { return x + y; }

                public static void main(String[] args) throws Exception {
                    Mitogen.run(router -> {
                        Local options = Local.create();
                        if (args.length > 1) {
                            options = options.jvmOptions(args[1]);
                        }
                        Context near = router.connect(options);
                        Context far = router.connect(options.via(near));
                        String word = "words";
                        Files.writeString(Path.of(args[0]),
                                near.call(Tree::sum, 1, 2) + " " + far.call(() -> word.length()));
                    });
                }
            }
            """;

    private static final String ON_A_VIRTUAL_THREAD = """
            public class Virtual {
                public static void main(String[] args) throws Exception {
                    Throwable[] failure = new Throwable[1];
                    Thread.ofVirtual().start(() -> {
                        try {
                            Tree.main(args);
                        } catch (Throwable e) {
                            failure[0] = e;
                        }
                    }).join();
                    if (failure[0] != null) {
                        throw new AssertionError(failure[0]);
                    }
                }
            }
            """;

    /** Looks at all classes that the JVM loads, changes none. */
    private static final String AGENT = """
            import java.lang.instrument.Instrumentation;

            public class Agent {
                public static void premain(String arguments, Instrumentation jvm) {
                    jvm.addTransformer(new java.lang.instrument.ClassFileTransformer() {
                        @Override
                        public byte[] transform(ClassLoader loader, String name, Class<?> type,
                                java.security.ProtectionDomain domain, byte[] image) {
                            return image.clone();
                        }
                    });
                }
            }
            """;

    @TempDir
    Path folder;

    private Path answer;
    private String classPath;

    @BeforeEach
    void compile() {
        answer = folder.resolve("answer");
        Path classes = new Program(folder).source("Tree.java", TREE).compile().classes();
        classPath = Program.library() + ":" + classes;
    }

    @Test
    void shouldRunWithEveryCollectorOnEveryJdk() throws Exception {
        for (Path jdk : Jdks.homes()) {
            for (String collector : List.of("-XX:+UseSerialGC", "-XX:+UseParallelGC", "-XX:+UseZGC")) {
                assertAnswers(java(jdk, collector, "-cp", classPath, "Tree", answer.toString(), collector));
            }
        }
    }

    @Test
    void shouldRunWithSixteenMegabytesOfHeap() throws Exception {
        for (Path jdk : Jdks.homes()) {
            assertAnswers(java(jdk, "-Xmx16m", "-cp", classPath, "Tree", answer.toString(), "-Xmx16m"));
        }
    }

    @Test
    void shouldRunBesideAnAgentInTheMasterAndInEachContext() throws Exception {
        String agent = "-javaagent:" + agent();
        for (Path jdk : Jdks.homes()) {
            assertAnswers(java(jdk, agent, "-cp", classPath, "Tree", answer.toString(), agent));
        }
    }

    @Test
    void shouldRunUnderASecurityManagerThatAllowsIt() throws Exception {
        Path policy = folder.resolve("policy");
        Files.writeString(policy, "grant { permission java.security.AllPermission; };\n");
        Optional<Path> jdk = Jdks.ofReleases(17, 24);
        assumeTrue(jdk.isPresent(), "no JDK here has a security manager any more: 24 and later have none");
        assertAnswers(java(
                jdk.get(),
                "-Djava.security.manager",
                "-Djava.security.policy==" + policy,
                "-cp",
                classPath,
                "Tree",
                answer.toString()));
    }

    @Test
    void shouldRunWithItsStandardStreamsClosed() throws Exception {
        for (Path jdk : Jdks.homes()) {
            List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "exec \"$@\" <&- >&- 2>&-", "sh"));
            command.addAll(java(jdk, "-cp", classPath, "Tree", answer.toString()));
            assertAnswers(command);
        }
    }

    @Test
    void shouldRunAsTheFirstProcessOfAContainer() throws Exception {
        List<String> unshare =
                List.of("unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child", "--mount-proc");
        List<String> probe = new ArrayList<>(unshare);
        probe.add("true");
        assumeTrue(run(probe).isEmpty(), "no PID namespace can be made here");

        List<String> command = new ArrayList<>(unshare);
        command.addAll(java(Jdks.homes().get(0), "-cp", classPath, "Tree", answer.toString()));
        assertAnswers(command);
    }

    @Test
    void shouldRunInJshell() throws Exception {
        Path script = folder.resolve("script.jsh");
        Files.writeString(script, """
                int cube(int x) { return x * x * x; }
                io.mitogen.master.Mitogen.run(router ->
                        Files.writeString(Path.of("%s"), String.valueOf(router.local().call(() -> cube(3)))))
                /exit
                """.formatted(answer));
        for (Path jdk : Jdks.homes()) {
            String jshell = jdk.resolve("bin/jshell").toString();
            String said = run(List.of(
                    jshell,
                    "-J-Djava.util.prefs.userRoot=" + folder,
                    "--class-path",
                    Program.library(),
                    script.toString()));
            assertEquals("27", answered(said), jdk.toString());
        }
    }

    @Test
    void shouldRunOnAVirtualThread() throws Exception {
        Optional<Path> jdk = Jdks.ofReleases(21, Integer.MAX_VALUE);
        assumeTrue(jdk.isPresent(), "no JDK here has virtual threads: 21 is the first");
        Path source = folder.resolve("virtual/Virtual.java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, ON_A_VIRTUAL_THREAD);
        assertAnswers(java(jdk.get(), "-cp", classPath, source.toString(), answer.toString()));
    }

    private Path agent() throws IOException {
        Path classes = new Program(folder.resolve("agent"))
                .source("Agent.java", AGENT)
                .compile()
                .classes();
        return Program.jar(folder.resolve("agent.jar"), Program.manifest(Map.of("Premain-Class", "Agent")), classes);
    }

    private static List<String> java(Path jdk, String... arguments) {
        List<String> command = new ArrayList<>(List.of(jdk.resolve("bin/java").toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private void assertAnswers(List<String> command) throws Exception {
        String said = run(command);
        assertEquals("3 5", answered(command + "\n" + said), command.toString());
    }

    private String answered(String said) throws IOException {
        assertTrue(Files.exists(answer), said);
        String text = Files.readString(answer, UTF_8);
        Files.delete(answer);
        return text;
    }

    /** Returns what the command said until it ended. */
    private String run(List<String> command) throws Exception {
        Path output = folder.resolve("output");
        ProcessRun.toEnd(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()));
        return Files.readString(output, UTF_8);
    }
}
