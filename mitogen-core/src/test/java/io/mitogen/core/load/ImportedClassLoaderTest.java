// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportedClassLoaderTest {
    @TempDir
    static Path folder;

    private static Path classes;

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final ImportedClassLoader loader = loader();

    @BeforeAll
    static void compile() {
        Path sources = folder.resolve("src");
        classes = folder.resolve("classes");
        TestCompiler.write(sources, "com/acme/Facts.java", """
                package com.acme;
                public class Facts extends Base implements java.util.concurrent.Callable<String> {
                    public String call() { return "facts of " + secret; }
                    public static String later() { return new Later().toString(); }
                }
                """);
        TestCompiler.write(sources, "com/acme/Base.java", """
                package com.acme;
                public class Base { String secret = "the base"; }
                """);
        TestCompiler.write(
                sources,
                "com/acme/Later.java",
                "package com.acme; class Later { public String toString() { return \"l\"; } }");
        TestCompiler.compile(sources, classes);
    }

    @BeforeEach
    void denyTheRest() {
        upstream.deniesTheRest = true;
    }

    @Test
    void shouldDefineAClassWithItsSuperclassAndPackage() throws Exception {
        serve("Facts", "Base");

        Class<?> facts = loader.loadClass("com.acme.Facts");

        assertEquals("facts of the base", ((Callable<?>) facts.getConstructor().newInstance()).call());
        assertEquals("com.acme", facts.getPackage().getName());
        assertSame(loader, facts.getClassLoader());
        assertEquals(List.of("com/acme/Facts.class", "com/acme/Base.class"), upstream.requests);
    }

    @Test
    void shouldSayWhyAClassIsMissing() {
        upstream.answer(ClassImage.missing("com/acme/Nope.class", "the master does not have it either"));

        ClassNotFoundException e = assertThrows(ClassNotFoundException.class, () -> loader.loadClass("com.acme.Nope"));

        assertEquals("com.acme.Nope: the master does not have it either", e.getMessage());
    }

    @Test
    void shouldNotAskForNamesThatNoClassFileHas() {
        assertThrows(ClassNotFoundException.class, () -> loader.loadClass("com/acme/Facts"));
        assertThrows(ClassNotFoundException.class, () -> loader.loadClass("[Lcom.acme.Facts;"));
        assertEquals(List.of(), upstream.requests);
    }

    @Test
    void shouldAskTheJdkFirst() throws Exception {
        assertSame(String.class, loader.loadClass("java.lang.String"));
        assertEquals("java.sql.Driver", loader.loadClass("java.sql.Driver").getName());
        assertEquals(List.of(), upstream.requests);

        assertThrows(ClassNotFoundException.class, () -> loader.loadClass("java.lang.NoSuchClass"));
        assertEquals(List.of("java/lang/NoSuchClass.class"), upstream.requests, "the master knows its module");
    }

    @Test
    void shouldRunTheActionOnceBeforeLoggingIsNeeded() throws Exception {
        List<String> ran = new ArrayList<>();
        loader.beforeLogging(() -> {
            ran.add("action");
            assertNotNull(loadQuietly("java.util.logging.Level")); // the action may use it itself
        });
        loader.loadClass("java.lang.System");
        assertEquals(List.of(), ran);

        loader.loadClass("java.util.logging.Logger");
        loader.loadClass("java.lang.System$Logger");
        assertEquals(List.of("action"), ran);
    }

    @Test
    void shouldRunTheActionBeforeTheSystemLoggerToo() throws Exception {
        List<String> ran = new ArrayList<>();
        loader.beforeLogging(() -> ran.add("action"));
        upstream.mayWait = false;
        loader.loadClass("java.lang.System$Logger$Level");
        assertEquals(List.of(), ran); // inside a turn nothing can be fetched

        upstream.mayWait = true;
        loader.loadClass("java.lang.System$Logger$Level");
        assertEquals(List.of("action"), ran);
    }

    @Test
    void shouldPreferWhatIsUpstreamToWhatThisJvmHasBesideTheJdkAndTheCore() throws Exception {
        ImportedClassLoader beside =
                new ImportedClassLoader(ImportedClassLoaderTest.class.getClassLoader(), List.of(), upstream.importer);
        serve("Facts", "Base");
        String service = "META-INF/services/org.junit.platform.engine.TestEngine";

        assertSame(beside, beside.loadClass("com.acme.Facts").getClassLoader());
        assertSame(Test.class, beside.loadClass("org.junit.jupiter.api.Test"), "an agent's, say");
        assertNotNull(beside.getResource(service));
        assertEquals(List.of(), Collections.list(beside.getResources(service)));
        assertSame(Importer.class, beside.loadClass(Importer.class.getName()));
        assertTrue(upstream.requests.contains("org/junit/jupiter/api/Test.class"));
        assertTrue(upstream.requests.contains(service));
    }

    @Test
    void shouldAnswerTheJdkWithItsOwnServicesWhereNobodyCanBeAsked() throws Exception {
        String service = "META-INF/services/java.sql.Driver";
        upstream.mayWait = false;
        assertEquals(List.of(), Collections.list(loader.getResources(service)));
        assertThrows(ClassRefusedException.class, () -> loader.getResources("com/acme/a.txt"));

        upstream.mayWait = true;
        assertEquals(
                List.of(), Collections.list(loader.getResources("META-INF/services/java.lang.System$LoggerFinder")));
        assertEquals(List.of(), upstream.requests);
        loader.getResources(service);
        assertEquals(List.of(service), upstream.requests);

        upstream.importer.onUpstreamLost("the link is lost");
        assertEquals(
                List.of(),
                Collections.list(loader.getResources("META-INF/services/java.nio.charset.spi.CharsetProvider")));
        assertThrows(ClassRefusedException.class, () -> loader.getResources("com/acme/b.txt"));
    }

    private Class<?> loadQuietly(String name) {
        try {
            return loader.loadClass(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldNameBothVersionsAndTheRemedyWhenCompiledForANewerJava() throws Exception {
        byte[] bytes = bytesOf("Base");
        bytes[7] = 99;
        upstream.answer(ScriptedUpstream.classImage("com/acme/Base.class", bytes));
        int runs = Runtime.version().feature();

        UnsupportedClassVersionError e =
                assertThrows(UnsupportedClassVersionError.class, () -> loader.loadClass("com.acme.Base"));

        assertEquals(
                "com.acme.Base was compiled for Java 55 (class file 99), this context runs Java " + runs
                        + ": compile with --release " + runs + " or give the context a newer Java",
                e.getMessage());
    }

    @Test
    void shouldNameTheJavaThatPreviewFeaturesNeed() throws Exception {
        byte[] bytes = bytesOf("Base");
        bytes[4] = -1;
        bytes[5] = -1;
        bytes[7] = 60;
        upstream.answer(ScriptedUpstream.classImage("com/acme/Base.class", bytes));

        UnsupportedClassVersionError e =
                assertThrows(UnsupportedClassVersionError.class, () -> loader.loadClass("com.acme.Base"));

        assertTrue(e.getMessage().contains("preview features of Java 16"), e.getMessage());
    }

    @Test
    void shouldRefuseBytesThatAreNoClassFile() {
        upstream.answer(ScriptedUpstream.classImage("com/acme/Base.class", new byte[] {1, 2}));
        assertThrows(ClassFormatError.class, () -> loader.loadClass("com.acme.Base"));
    }

    @Test
    void shouldAskAgainWhenTheImageWasCorrupt() throws Exception {
        upstream.answer(ClassImage.found("com/acme/Base.class", "x", new byte[] {1, 2, 3}, List.of()));
        assertThrows(CorruptImageException.class, () -> loader.loadClass("com.acme.Base"));

        serve("Base");

        assertEquals("com.acme.Base", loader.loadClass("com.acme.Base").getName());
    }

    @Test
    void shouldNotPoisonTheClassThatNeededAnotherWhenTheRequestFails() throws Exception {
        serve("Facts", "Base");
        Class<?> facts = loader.loadClass("com.acme.Facts");
        upstream.failure = new IllegalStateException("stream is full");
        Exception failed =
                assertThrows(java.lang.reflect.InvocationTargetException.class, () -> facts.getMethod("later")
                        .invoke(null));
        assertEquals(ClassRefusedException.class, failed.getCause().getClass());

        upstream.failure = null;
        serve("Later");

        assertEquals("l", facts.getMethod("later").invoke(null));
    }

    @Test
    void shouldGiveATurnOnlyWhatIsDefinedAlready() throws Exception {
        serve("Facts", "Base");
        Class<?> base = loader.loadClass("com.acme.Base");
        upstream.importer.onImage(ScriptedUpstream.classImage("com/acme/Facts.class", bytesOf("Facts")));
        upstream.mayWait = false;

        assertSame(base, loader.loadClass("com.acme.Base"));
        assertSame(String.class, loader.loadClass("java.lang.String"));
        ClassRefusedException e = assertThrows(ClassRefusedException.class, () -> loader.loadClass("com.acme.Facts"));
        assertTrue(e.getMessage().startsWith("com.acme.Facts"), e.getMessage());

        upstream.mayWait = true;
        assertEquals("com.acme.Facts", loader.loadClass("com.acme.Facts").getName());
    }

    @Test
    void shouldNotMakeATurnWaitForAThreadThatWaitsForTheSameClass() throws Exception {
        upstream.deniesTheRest = false;
        CompletableFuture<?> waiting = load("com.acme.Facts");
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (upstream.requests.isEmpty()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "nothing was asked for");
            LockSupport.parkNanos(100_000);
        }
        upstream.mayWait = false;

        ExecutionException refused = assertThrows(
                ExecutionException.class, () -> load("com.acme.Facts").get(10, TimeUnit.SECONDS));
        assertEquals(ClassRefusedException.class, refused.getCause().getClass());
        assertFalse(waiting.isDone());

        upstream.importer.onUpstreamLost("test ends");
        assertThrows(ExecutionException.class, () -> waiting.get(10, TimeUnit.SECONDS));
    }

    /** Loads a class on a thread of its own, which would not end the test if it waited for ever. */
    private CompletableFuture<Class<?>> load(String name) {
        CompletableFuture<Class<?>> loaded = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                loaded.complete(loader.loadClass(name));
            } catch (ClassNotFoundException | RuntimeException e) {
                loaded.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return loaded;
    }

    @Test
    void shouldGiveResourcesOfTheMaster() throws Exception {
        upstream.answer(
                ScriptedUpstream.resource("com/acme/a b?%#ü+.txt", "one".getBytes(UTF_8), "two".getBytes(UTF_8)));
        upstream.answer(ScriptedUpstream.resource("com/acme/next.txt", "next".getBytes(UTF_8)));
        upstream.answer(ClassImage.missing("com/acme/none.txt", "none"));

        URL first = loader.getResource("com/acme/a b?%#ü+.txt");
        List<String> texts = new ArrayList<>();
        for (URL url : Collections.list(loader.getResources("com/acme/a b?%#ü+.txt"))) {
            texts.add(text(url));
            assertEquals(3, url.openConnection().getContentLength());
            assertNotNull(url.toURI());
        }

        assertEquals("one", text(first));
        assertEquals(List.of("one", "two"), texts);
        assertEquals("next", text(new URL(first, "next.txt")));
        assertNull(loader.getResource("com/acme/none.txt"));
        assertNull(loader.getResourceAsStream("com/acme/none.txt"));
        assertEquals(List.of(), Collections.list(loader.getResources("com/acme/none.txt")));
        assertThrows(FileNotFoundException.class, () -> text(new URL(first, "next.txt?7")));
        assertThrows(FileNotFoundException.class, () -> text(new URL(first, "next.txt?x")));
    }

    @Test
    void shouldGiveTheClassFileOfAShippedClassAsAResource() throws Exception {
        serve("Base");
        loader.loadClass("com.acme.Base");

        try (InputStream in = loader.getResourceAsStream("com/acme/Base.class")) {
            assertEquals(bytesOf("Base").length, in.readAllBytes().length);
        }
    }

    @Test
    void shouldFeedServiceLoader() throws Exception {
        serve("Facts", "Base");
        upstream.answer(ScriptedUpstream.resource(
                "META-INF/services/java.util.concurrent.Callable", "com.acme.Facts # fine\n".getBytes(UTF_8)));

        Callable<?> provider =
                ServiceLoader.load(Callable.class, loader).findFirst().orElseThrow();

        assertEquals("facts of the base", provider.call());
    }

    @Test
    void shouldSearchTheExtraClassPathBeforeTheMaster() throws Exception {
        Files.writeString(classes.resolve("com/acme/local.txt"), "local");
        upstream.answer(ScriptedUpstream.resource("com/acme/local.txt", "shipped".getBytes(UTF_8)));
        ImportedClassLoader extended = loader(classes.toString());

        Class<?> facts = extended.loadClass("com.acme.Facts");

        assertEquals("facts of the base", ((Callable<?>) facts.getConstructor().newInstance()).call());
        assertSame(extended, facts.getClassLoader(), "one loader, so that shipped classes and these see each other");
        assertEquals(
                classes.toUri().toURL(),
                facts.getProtectionDomain().getCodeSource().getLocation());
        assertEquals("local", text(extended.getResource("com/acme/local.txt")));
        assertEquals(List.of(), upstream.requests);
        assertEquals(
                2, Collections.list(extended.getResources("com/acme/local.txt")).size());
    }

    @Test
    void shouldLoadClassesWhoseNamesUrlsWriteOtherwise() throws Exception {
        Path folder = Files.createDirectories(classes.resolveSibling("with space"));
        String file = new String(bytesOf("Base"), ISO_8859_1).replace("com/acme/Base", "words in name");
        Files.writeString(folder.resolve("words in name.class"), file, ISO_8859_1);

        Class<?> spaced = loader(folder.toString()).loadClass("words in name");

        assertEquals(
                folder.toUri().toURL(),
                spaced.getProtectionDomain().getCodeSource().getLocation());
    }

    private ImportedClassLoader loader(String... extra) {
        return new ImportedClassLoader(ClassLoader.getPlatformClassLoader(), List.of(extra), upstream.importer);
    }

    private void serve(String... names) throws IOException {
        for (String name : names) {
            upstream.answer(ScriptedUpstream.classImage("com/acme/" + name + ".class", bytesOf(name)));
        }
    }

    private static byte[] bytesOf(String name) throws IOException {
        return Files.readAllBytes(classes.resolve("com/acme/" + name + ".class"));
    }

    private static String text(URL url) throws IOException {
        try (InputStream in = url.openStream()) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
