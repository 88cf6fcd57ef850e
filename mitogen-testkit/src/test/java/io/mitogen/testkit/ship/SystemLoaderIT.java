// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ship;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.master.MasterRouter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The user's classes where the JDK asks its system class loader, or chose the context class loader of a thread. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class SystemLoaderIT {
    private static final String JOB = "com.acme.jdk.Job";

    private static final String THREADS = """
            package com.acme.jdk;

            import java.util.*;
            import java.util.concurrent.*;
            import java.util.stream.*;

            public final class Job {
                /** Returns the kinds of threads that do not see this class through their context class loader. */
                public static List<String> blindThreads() throws Exception {
                    Map<String, Executor> threads = new LinkedHashMap<>();
                    threads.put("common pool", ForkJoinPool.commonPool());
                    threads.put("another pool", new ForkJoinPool(2));
                    threads.put("async pool", new CompletableFuture<Void>().defaultExecutor());
                    threads.put("made in the common pool", task -> CompletableFuture.runAsync(() -> new Thread(task).start()));
                    threads.put("executor made in the common pool", CompletableFuture.supplyAsync(
                            () -> Executors.newSingleThreadExecutor(Job::daemon)).join());
                    threads.put("timer", task -> new Timer(true).schedule(timed(task), 0));
                    threads.put("HttpClient", task -> java.net.http.HttpClient.newHttpClient()
                            .executor().orElse(ForkJoinPool.commonPool()).execute(task));
                    threads.put("delayed", CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS));
                    List<String> blind = new ArrayList<>();
                    for (Map.Entry<String, Executor> each : threads.entrySet()) {
                        if (!CompletableFuture.supplyAsync(Job::sees, each.getValue()).get(60, TimeUnit.SECONDS)) {
                            blind.add(each.getKey());
                        }
                    }
                    if (!IntStream.range(0, 100).parallel().allMatch(i -> sees())) {
                        blind.add("parallel stream");
                    }
                    return blind;
                }

                private static Thread daemon(Runnable task) {
                    Thread thread = new Thread(task);
                    thread.setDaemon(true);
                    return thread;
                }

                private static TimerTask timed(Runnable task) {
                    return new TimerTask() {
                        @Override
                        public void run() {
                            task.run();
                        }
                    };
                }

                private static boolean sees() {
                    try {
                        ClassLoader loader = Thread.currentThread().getContextClassLoader();
                        return Class.forName("com.acme.jdk.Job", false, loader) == Job.class;
                    } catch (ClassNotFoundException e) {
                        return false;
                    }
                }

                public static List<Boolean> connectInPoolAndHere() throws Exception {
                    boolean there = CompletableFuture.supplyAsync(Job::connects).get(60, TimeUnit.SECONDS);
                    return List.of(there, connects());
                }

                private static boolean connects() {
                    try {
                        return java.sql.DriverManager.getConnection("jdbc:acme:db") == null;
                    } catch (java.sql.SQLException e) {
                        return e.getMessage().equals("as ordered");
                    }
                }

                /** Returns what the JDK does not find that it looks for through the system class loader. */
                public static List<String> unknownToTheJdk() throws Exception {
                    Map<String, Callable<Boolean>> all = new LinkedHashMap<>();
                    all.put("URL handler", () -> "acme".equals(new java.net.URL("acme:x").getProtocol()));
                    all.put("charset", () -> java.nio.charset.Charset.isSupported("x-acme"));
                    all.put("file system", () -> java.nio.file.spi.FileSystemProvider.installedProviders().stream()
                            .anyMatch(each -> each.getScheme().equals("acme")));
                    all.put("tool", () -> java.util.spi.ToolProvider.findFirst("acme").isPresent());
                    all.put("JDK's tool", () -> java.util.spi.ToolProvider.findFirst("jar").isPresent());
                    all.put("JDK's compiler", () -> javax.tools.ToolProvider.getSystemJavaCompiler() != null);
                    all.put("JDK's compiler by name", () -> Class.forName("com.sun.tools.javac.Main") != null);
                    all.put("log handler", Job::makesHandler);
                    all.put("loader without a parent given", () -> new java.net.URLClassLoader(new java.net.URL[0])
                            .loadClass("com.acme.jdk.Job") == Job.class);
                    all.put("resource", () -> ClassLoader.getSystemResource("com/acme/jdk/note.txt") != null);
                    all.put("resources", () -> ClassLoader.getSystemResources("com/acme/jdk/note.txt").hasMoreElements());
                    all.put("system loader", () -> ClassLoader.getSystemClassLoader()
                            .loadClass("com.acme.jdk.Job") == Job.class);
                    all.put("no providers of its own for channels", () ->
                            !ServiceLoader.load(java.nio.channels.spi.SelectorProvider.class).iterator().hasNext());
                    List<String> unknown = new ArrayList<>();
                    for (Map.Entry<String, Callable<Boolean>> each : all.entrySet()) {
                        if (!each.getValue().call()) {
                            unknown.add(each.getKey());
                        }
                    }
                    return unknown;
                }

                private static boolean makesHandler() throws Exception {
                    String settings = "com.acme.jdk.handlers = com.acme.jdk.Kept\\n";
                    java.util.logging.LogManager.getLogManager()
                            .updateConfiguration(new java.io.ByteArrayInputStream(settings.getBytes()), key -> (a, b) ->
                                    b == null ? a : b);
                    return java.util.logging.Logger.getLogger("com.acme.jdk").getHandlers().length == 1;
                }
            }
            """;

    private static final String DRIVER = """
            package com.acme.jdk;

            public final class Driver implements java.sql.Driver {
                static {
                    try {
                        java.sql.DriverManager.registerDriver(new Driver());
                    } catch (java.sql.SQLException e) {
                        throw new ExceptionInInitializerError(e);
                    }
                }

                public java.sql.Connection connect(String url, java.util.Properties info) throws java.sql.SQLException {
                    throw new java.sql.SQLException("as ordered");
                }

                public boolean acceptsURL(String url) {
                    return url.startsWith("jdbc:acme:");
                }

                public java.sql.DriverPropertyInfo[] getPropertyInfo(String url, java.util.Properties info) {
                    return new java.sql.DriverPropertyInfo[0];
                }

                public int getMajorVersion() {
                    return 1;
                }

                public int getMinorVersion() {
                    return 0;
                }

                public boolean jdbcCompliant() {
                    return false;
                }

                public java.util.logging.Logger getParentLogger() {
                    return null;
                }
            }
            """;

    @TempDir
    Path folder;

    private final ProgramMaster master = new ProgramMaster();
    private final MasterRouter router = master.router;

    @BeforeEach
    void makeProgram() {
        Program program = new Program(folder)
                .source("com/acme/jdk/Job.java", THREADS)
                .source("com/acme/jdk/Driver.java", DRIVER)
                .resource("com/acme/jdk/note.txt", "found");
        provide(program, "java.sql.Driver", "Driver", "");
        provide(program, "java.net.spi.URLStreamHandlerProvider", "Handlers", """
                public java.net.URLStreamHandler createURLStreamHandler(String protocol) {
                    return !protocol.equals("acme") ? null : new java.net.URLStreamHandler() {
                        protected java.net.URLConnection openConnection(java.net.URL url) {
                            return null;
                        }
                    };
                }
                """);
        provide(program, "java.nio.charset.spi.CharsetProvider", "Charsets", """
                public java.util.Iterator<java.nio.charset.Charset> charsets() {
                    return java.util.Collections.emptyIterator();
                }

                public java.nio.charset.Charset charsetForName(String name) {
                    return name.equals("x-acme") ? java.nio.charset.StandardCharsets.UTF_8 : null;
                }
                """);
        provide(program, "java.util.spi.ToolProvider", "Tool", """
                public String name() {
                    return "acme";
                }

                public int run(java.io.PrintWriter out, java.io.PrintWriter err, String... args) {
                    return 0;
                }
                """);
        program.source(
                "com/acme/jdk/Kept.java",
                "package com.acme.jdk; public final class Kept extends java.util.logging.StreamHandler {}");
        program.source("com/acme/jdk/Files.java", FILES);
        program.resource("META-INF/services/java.nio.file.spi.FileSystemProvider", "com.acme.jdk.Files");
        program.resource("META-INF/services/java.nio.channels.spi.SelectorProvider", "com.acme.jdk.NoSuchClass");
        program.resource("META-INF/services/java.lang.System$LoggerFinder", "com.acme.jdk.NoSuchClass");
        master.serve(program.compile());
    }

    private static void provide(Program program, String service, String name, String members) {
        program.resource("META-INF/services/" + service, "com.acme.jdk." + name);
        if (!members.isEmpty()) {
            String parent = service.equals("java.util.spi.ToolProvider") ? "implements " : "extends ";
            program.source(
                    "com/acme/jdk/" + name + ".java",
                    "package com.acme.jdk; public final class " + name + " " + parent + service + " {" + members + "}");
        }
    }

    private static final String FILES = """
            package com.acme.jdk;

            import java.nio.channels.*;
            import java.nio.file.*;
            import java.nio.file.attribute.*;
            import java.util.*;

            public final class Files extends java.nio.file.spi.FileSystemProvider {
                public String getScheme() { return "acme"; }
                public FileSystem newFileSystem(java.net.URI uri, Map<String, ?> env) { return null; }
                public FileSystem getFileSystem(java.net.URI uri) { return null; }
                public Path getPath(java.net.URI uri) { return null; }
                public SeekableByteChannel newByteChannel(
                        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs) { return null; }
                public DirectoryStream<Path> newDirectoryStream(Path dir, DirectoryStream.Filter<? super Path> filter) {
                    return null;
                }
                public void createDirectory(Path dir, FileAttribute<?>... attrs) {}
                public void delete(Path path) {}
                public void copy(Path source, Path target, CopyOption... options) {}
                public void move(Path source, Path target, CopyOption... options) {}
                public boolean isSameFile(Path path, Path path2) { return false; }
                public boolean isHidden(Path path) { return false; }
                public FileStore getFileStore(Path path) { return null; }
                public void checkAccess(Path path, AccessMode... modes) {}
                public <V extends FileAttributeView> V getFileAttributeView(
                        Path path, Class<V> type, LinkOption... options) { return null; }
                public <A extends BasicFileAttributes> A readAttributes(
                        Path path, Class<A> type, LinkOption... options) { return null; }
                public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
                    return null;
                }
                public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {}
            }
            """;

    @AfterEach
    void close() throws IOException {
        master.close();
        assertEquals(List.of(), master.warnings.texts());
    }

    private Context connect() {
        return router.connect(Local.create().jvmOptions("-Djava.util.concurrent.ForkJoinPool.common.parallelism=3"));
    }

    @Test
    void shouldFindTheDriversOfTheProgramWhenThreadsOfTheJdkAskFirst() throws Exception {
        assertEquals(List.of(true, true), connect().call(JOB, "connectInPoolAndHere"));
    }

    @Test
    void shouldGiveThreadsOfTheJdkTheClassesOfTheProgram() throws Exception {
        assertEquals(List.of(), connect().call(JOB, "blindThreads"));
    }

    @Test
    void shouldHaveTheJdkFindTheClassesOfTheProgramThroughItsSystemLoader() throws Exception {
        assertEquals(List.of(), connect().call(JOB, "unknownToTheJdk"));
    }

    @Test
    void shouldHaveTheJdkFindThemInAContextThatIsAParent() throws Exception {
        Context near = connect();
        Context far = router.connect(Local.create().via(near));

        assertEquals(List.of(true, true), far.call(JOB, "connectInPoolAndHere"));
        assertEquals(List.of(), near.call(JOB, "unknownToTheJdk"));
    }
}
