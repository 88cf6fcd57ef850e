// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ship;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.acme.ship.LinkMeter;
import com.acme.ship.NamedClasses;
import com.acme.ship.Probe;
import com.acme.ship.SuiteRunner;
import io.mitogen.connect.Local;
import io.mitogen.core.call.CallException;
import io.mitogen.core.call.Context;
import io.mitogen.core.load.ClassImage;
import io.mitogen.core.loop.Broker;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Classes and resources in contexts that have nothing but the JDK. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ShippingIT {
    private static final List<Long> ALL_PASSED = List.of(5L, 0L);

    @TempDir
    Path folder;

    private final Broker broker = Mitogen.startBroker();
    private final MasterRouter router = new MasterRouter(broker);
    private final LinkMeter meter = new LinkMeter();

    ShippingIT() {
        router.router().tap(meter);
    }

    @AfterEach
    void close() {
        router.close();
        broker.close();
    }

    @Test
    void shouldRunATestSuiteThatNeedsNineHundredClassesAfterTwoRoundTrips() {
        Context child = openContext();

        assertEquals(ALL_PASSED, child.call(SuiteRunner::run));

        String figures = meter.figures();
        List<String> images = meter.sent();
        int roundTrips = meter.requests().size();
        assertAll(
                () -> assertEquals(2, roundTrips, figures),
                () -> assertTrue(meter.sentBytes() <= 2_700_000, figures),
                () -> assertOnce(images),
                () -> assertTrue(loaded(child, images) >= 900, loaded(child, images) + " classes loaded"));
    }

    @Test
    void shouldShipFiveHundredClassesWhoseNamesAreMadeAtRunTimeAfterFourRoundTrips() throws IOException {
        Context child = openContext();
        List<String> names;
        try (JarFile jar = new JarFile(Program.place(ArchiveEntry.class).toFile())) {
            names = jar.stream()
                    .map(each -> each.getName())
                    .filter(each -> each.matches("org/apache/.*[^-]\\.class"))
                    .map(ClassImage::nameOf)
                    .toList();
        }

        int count = child.call(NamedClasses::load, names);

        String figures = count + " of " + names.size() + " classes of a library: " + meter.figures();
        assertAll(
                () -> assertTrue(count >= 500, figures),
                () -> assertEquals(4, meter.requests().size(), figures),
                () -> assertTrue(meter.sentBytes() <= 1_400_000, figures),
                () -> assertOnce(meter.sent()));
    }

    @Test
    void shouldAskForNothingMoreWhenAFunctionFails() {
        Context child = router.local();
        child.call(Probe::ownPid);
        int before = meter.requests().size();

        assertThrows(CallException.class, () -> child.call(Integer::decode, "no number"));

        assertEquals(before, meter.requests().size(), meter.figures());
    }

    @Test
    void shouldSendASmallFunctionNoMoreThanItNames() {
        router.local().call(Probe::ownPid);

        assertEquals(List.of("com/acme/ship/Probe.class"), meter.sent());
    }

    /** Returns a context in which {@link NamedClasses#countLoaded} works. */
    private Context openContext() {
        return router.connect(Local.create().jvmOptions("--add-opens=java.base/java.lang=ALL-UNNAMED"));
    }

    private static int loaded(Context child, List<String> paths) {
        return child.call(
                NamedClasses::countLoaded,
                paths.stream()
                        .filter(ClassImage::isClass)
                        .map(ClassImage::nameOf)
                        .toList());
    }

    @Test
    void shouldSendEachClassOverEachLinkOnceThreeLevelsDeep() {
        Context near = router.local();
        near.call(LinkMeter::install);
        Context middle = router.connect(Local.create().via(near));
        middle.call(LinkMeter::install);
        Context far = router.connect(Local.create().via(middle));

        assertEquals(ALL_PASSED, far.call(SuiteRunner::run));
        assertEquals(ALL_PASSED, middle.call(SuiteRunner::run));

        assertAll(
                () -> assertOnce(meter.sent()),
                () -> assertOnce(near.call(LinkMeter::sentOfChild)),
                () -> assertOnce(middle.call(LinkMeter::sentOfChild)),
                () -> assertTrue(
                        middle.call(LinkMeter::requestsOfChild).size() <= 4,
                        middle.call(LinkMeter::requestsOfChild).size() + " requests on the last link"));
    }

    @Test
    void shouldAskOnceForWhatManyWantAtOnce() {
        Context near = router.local();
        List<Context> siblings = List.of(
                router.connect(Local.create().via(near)),
                router.connect(Local.create().via(near)));

        List<CompletableFuture<Integer>> counts = siblings.stream()
                .map(each -> each.callAsync(Probe::loadAtOnce, "org.junit.jupiter.api.Assertions", 8))
                .toList();

        counts.forEach(each -> assertEquals(8, each.join()));
        assertOnce(meter.sent());
    }

    @Test
    void shouldRememberWhatTheMasterDoesNotHave() {
        Context near = router.local();
        Context far = router.connect(Local.create().via(near));

        for (int i = 0; i < 3; i++) {
            assertEquals(
                    "java.lang.ClassNotFoundException: com.acme.Nowhere: the master does not have it either",
                    far.call(Probe::load, "com.acme.Nowhere"));
            near.call(Probe::load, "com.acme.Nowhere");
        }

        assertEquals(1, Collections.frequency(meter.sent(), "com/acme/Nowhere.class"));
    }

    @Test
    void shouldServeResourcesAndServicesOfLoadersThatWereAdded() throws Exception {
        Program first = service(folder.resolve("first"), "One").resource("text.txt", "one");
        Program second = service(folder.resolve("second"), "Two").resource("text.txt", "two");
        try (URLClassLoader loader = new URLClassLoader(new URL[] {
            first.classes().toUri().toURL(), second.classes().toUri().toURL()
        })) {
            router.classes().add(loader);
            Context child = router.connect(Local.create().via(router.local()));

            assertAll(
                    () -> assertEquals(List.of("one", "two"), child.call(Probe::copies, "text.txt")),
                    () -> assertEquals("one", child.call(Probe::text, "text.txt")),
                    () -> assertEquals(List.of(), child.call(Probe::copies, "no/text.txt")),
                    () -> assertEquals(
                            List.of("q.One: I am One", "q.Two: I am Two"),
                            child.call(Probe::providers, "java.util.concurrent.Callable")),
                    () -> assertEquals(1, Collections.frequency(meter.sent(), "text.txt")));
        }
    }

    private static Program service(Path folder, String name) {
        return new Program(folder)
                .source("q/" + name + ".java", """
                        package q;
                        public class NAME implements java.util.concurrent.Callable<String> {
                            public String call() { return "I am NAME"; }
                            public String toString() { return call(); }
                        }
                        """.replace("NAME", name))
                .resource("META-INF/services/java.util.concurrent.Callable", "q." + name)
                .compile();
    }

    @Test
    void shouldOpenEveryResourceThatItsLoaderNames() {
        List<String> manifests = router.local().call(Probe::copies, "META-INF/MANIFEST.MF");

        assertTrue(manifests.stream().anyMatch(each -> each.contains("junit-jupiter-api")), manifests.toString());
    }

    @Test
    void shouldServeOfAMultiReleaseJarWhatTheJavaOfTheContextSees() throws Exception {
        Path jar = folder.resolve("multi.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MULTI_RELEASE, "true");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (String version : List.of("", "META-INF/versions/17/", "META-INF/versions/18/")) {
                String name =
                        version.isEmpty() ? "base" : version.substring(version.length() - 3, version.length() - 1);
                Program program = new Program(folder.resolve(name))
                        .source("q/Multi.java", """
                                package q;
                                public class Multi implements java.util.concurrent.Callable<String> {
                                    public String call() { return "NAME"; }
                                    public String toString() { return "NAME"; }
                                }
                                """.replace("NAME", name))
                        .compile();
                out.putNextEntry(new JarEntry(version + "q/Multi.class"));
                Files.copy(program.classes().resolve("q/Multi.class"), out);
            }
            out.putNextEntry(new JarEntry("META-INF/services/java.util.concurrent.Callable"));
            out.write("q.Multi".getBytes(StandardCharsets.US_ASCII));
        }
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()})) {
            router.classes().add(loader);

            String seen = Runtime.version().feature() == 17 ? "17" : "18";
            assertEquals(
                    List.of("q.Multi: " + seen),
                    router.local().call(Probe::providers, "java.util.concurrent.Callable"));
        }
    }

    @Test
    void shouldFindTheClassOfAFunctionFromALoaderThatNobodyAdded() throws Exception {
        Program plugin = new Program(folder).source("plug/Plugin.java", """
                        package plug;
                        public class Plugin implements java.util.function.Function<Object, Object> {
                            public Object apply(Object context) {
                                String prefix = "called ";
                                return ((io.mitogen.core.call.Context) context).call(() -> prefix + Helper.name());
                            }
                            static class Helper { static String name() { return "plug"; } }
                        }
                        """).compile();
        Context child = router.connect(Local.create().via(router.local()));
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {plugin.classes().toUri().toURL()})) {
            Object made = loader.loadClass("plug.Plugin").getConstructor().newInstance();

            assertEquals("called plug", apply(made, child));
        }
    }

    @SuppressWarnings("unchecked") // the source above says so
    private static Object apply(Object function, Object argument) {
        return ((java.util.function.Function<Object, Object>) function).apply(argument);
    }

    @Test
    void shouldSearchTheClassPathOnTheTargetBeforeTheMasterIsAsked() {
        Program there = new Program(folder)
                .source("com/acme/ship/Probe.java", """
                        package com.acme.ship;
                        public class Probe {
                            public static String text(String path) { return "the target's own " + path; }
                        }
                        """)
                .resource("there.txt", "there")
                .compile();
        Context child = router.connect(Local.create().classPath(there.classes().toString()));

        assertEquals("the target's own x", child.call(Probe::text, "x"));
        assertEquals(List.of(), meter.requests());
    }

    @Test
    void shouldNeverReplaceTheCoreOfAContext() {
        Program fake = new Program(folder)
                .source("io/mitogen/core/call/Context.java", "package io.mitogen.core.call; public class Context {}")
                .source("io/mitogen/core/call/Extra.java", "package io.mitogen.core.call; public class Extra {}")
                .compile();
        Context child = router.connect(Local.create().classPath(fake.classes().toString()));

        assertEquals(child.id(), child.call(ShippingIT::ownId));
    }

    static int ownId(io.mitogen.core.call.ChildContext child) throws ClassNotFoundException {
        ClassLoader user = ShippingIT.class.getClassLoader();
        if (Class.forName("io.mitogen.core.call.Context", true, user)
                != child.self().getClass()) {
            throw new IllegalStateException("replaced");
        }
        return child.self().id();
    }

    private static void assertOnce(List<String> paths) {
        HashSet<String> seen = new HashSet<>();
        assertEquals(List.of(), paths.stream().filter(each -> !seen.add(each)).toList(), "sent twice");
    }
}
