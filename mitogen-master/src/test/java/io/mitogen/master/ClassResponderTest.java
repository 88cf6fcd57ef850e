// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.load.ClassImage;
import io.mitogen.core.load.TestCompiler;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassResponderTest {
    @TempDir
    static Path folder;

    private static URLClassLoader program;

    private final ClassResponder responder = responder(ImportPolicy.ALLOW_ALL);

    @BeforeAll
    static void compile() throws Exception {
        Path sources = folder.resolve("src");
        Path classes = folder.resolve("classes");
        TestCompiler.write(sources, "q/Main.java", """
                package q;
                public class Main implements java.util.concurrent.Callable<String> {
                    Near near = new Near();
                    public String call() {
                        return java.util.ServiceLoader.load(Service.class, Main.class.getClassLoader())
                                .findFirst().orElseThrow().name();
                    }
                }
                """);
        TestCompiler.write(sources, "q/Near.java", "package q; class Near { Far far; java.util.zip.ZipFile file; }");
        TestCompiler.write(sources, "q/Far.java", "package q; class Far { Near back; }");
        TestCompiler.write(sources, "q/Service.java", "package q; public interface Service { String name(); }");
        TestCompiler.write(
                sources,
                "q/Provider.java",
                "package q; public class Provider implements Service { public String name() { return \"provided\"; } }");
        TestCompiler.write(
                sources, "q/Logs.java", "package q; class Logs { java.util.logging.Logger log; Near near; }");
        TestCompiler.write(sources, "q/Unprovided.java", "package q; public interface Unprovided {}");
        TestCompiler.write(sources, "q/ByText.java", "package q; public class ByText {}");
        TestCompiler.write(sources, "q/Seeker.java", """
                package q;
                public class Seeker implements java.util.concurrent.Callable<String> {
                    public String call() throws Exception {
                        ClassLoader loader = Seeker.class.getClassLoader();
                        boolean none = java.util.ServiceLoader.load(Unprovided.class, loader).findFirst().isEmpty();
                        for (String name : new String[] {"q.ByText", "q.Absent", "java.lang.Absent"}) {
                            try {
                                none &= Class.forName(name) == ByText.class;
                            } catch (ClassNotFoundException expected) {
                                none &= name.endsWith("Absent");
                            }
                        }
                        none &= loader.getResource("absent.properties") == null;
                        return none + " " + new String(Seeker.class.getResourceAsStream("text.txt").readAllBytes());
                    }
                }
                """);
        String longText = "a.".repeat(20_000) + "B";
        TestCompiler.write(sources, "q/Texts.java", "package q; class Texts { String t = \"" + longText + "\"; }");
        TestCompiler.compile(sources, classes);
        TestCompiler.write(classes, "META-INF/services/q.Service", "# providers\n q.Provider # ours\n");
        TestCompiler.write(classes, "q/text.txt", "text");
        TestCompiler.write(folder, "outside.txt", "not on the class path");
        program = new URLClassLoader(new URL[] {classes.toUri().toURL()});
    }

    @AfterAll
    static void close() throws IOException {
        program.close();
    }

    @Test
    void shouldSendWhatAClassNeedsAheadOfItNearestFirst() {
        List<ClassImage> images = serve(responder, "q/Main.class", "stream");

        assertEquals(
                List.of(
                        "q/Near.class",
                        "q/Service.class",
                        "q/Far.class",
                        "META-INF/services/q.Service",
                        "q/Provider.class",
                        "q/Main.class"),
                paths(images));
        assertEquals(paths(images.subList(0, 5)), images.get(5).related());
        assertEquals(List.of("q/Main.class"), images.get(0).related(), "the way from any image to its whole bundle");
    }

    @Test
    void shouldSendNothingAheadTwiceDownOneStreamButAnswerEveryRequest() {
        serve(responder, "q/Far.class", "stream");

        assertEquals(List.of("q/Near.class"), paths(serve(responder, "q/Near.class", "stream")));
        assertEquals(List.of("q/Far.class"), paths(serve(responder, "q/Far.class", "stream")));
        assertEquals(List.of("q/Near.class", "q/Far.class"), paths(serve(responder, "q/Far.class", "other")));
    }

    @Test
    void shouldForgetWhatWentDownAStreamThatIsGone() {
        serve(responder, "q/Far.class", "stream");
        responder.forget("stream");
        assertEquals(List.of("q/Near.class", "q/Far.class"), paths(serve(responder, "q/Far.class", "stream")));
    }

    @Test
    void shouldStopAtTheBudget() {
        ClassResponder one = budgeted(1, 1 << 20);
        assertEquals(List.of("q/Near.class", "q/Main.class"), paths(serve(one, "q/Main.class", "stream")));
        assertEquals(List.of("q/Service.class", "q/Main.class"), paths(serve(one, "q/Main.class", "stream")));

        ClassResponder two = budgeted(2, 1 << 20);
        serve(two, "q/Main.class", "stream");
        assertEquals(
                List.of("q/Far.class", "q/text.txt"),
                paths(serve(two, "q/text.txt", "stream")),
                "what was cut off goes along with the next request, at half the budget");

        ClassResponder small = budgeted(9, 10);
        assertEquals(List.of("q/Main.class"), paths(serve(small, "q/Main.class", "stream")));
    }

    @Test
    void shouldRunAServiceInTheChildAfterOneRequest() throws Exception {
        LinkedChild child = new LinkedChild(responder::serve);

        Object main = child.loader.loadClass("q.Main").getConstructor().newInstance();

        assertEquals("provided", ((Callable<?>) main).call());
        assertEquals(List.of("q/Main.class"), child.requests);
    }

    @Test
    void shouldSendAheadWhatTextsNameAndTheNewsOfWhatIsNotThere() throws Exception {
        LinkedChild child = new LinkedChild(responder::serve);

        Object seeker = child.loader.loadClass("q.Seeker").getConstructor().newInstance();

        assertEquals("true text", ((Callable<?>) seeker).call());
        // The JDK's own class is not looked for ahead: every context has a JDK, and knows best.
        assertEquals(List.of("q/Seeker.class", "java/lang/Absent.class"), child.requests);
        for (String absent : List.of("META-INF/services/q.Unprovided", "q/Absent.class", "absent.properties")) {
            assertTrue(child.importer.cached(absent).isMissing(), absent);
        }
    }

    @Test
    void shouldSendAClassHoweverLongItsTextsAre() {
        List<ClassImage> images = serve(responder, "q/Texts.class", "stream");

        assertEquals("", images.get(images.size() - 1).reason());
    }

    @Test
    void shouldSendWhatForwardsTheLoggingOfTheJdkWholeWithWhatUsesIt() {
        List<String> paths = paths(serve(budgeted(6, 1 << 20), "q/Logs.class", "stream"));

        String forwarding = "io/mitogen/logging/Jul";
        assertEquals(List.of("q/Near.class", forwarding + "Forwarding.class"), paths.subList(0, 2));
        assertEquals(
                Set.of(
                        forwarding + "Handler.class",
                        forwarding + "Handler$Text.class",
                        forwarding + "Levels.class",
                        forwarding + "Levels$NamedLevel.class"),
                Set.copyOf(paths.subList(2, 6)));
    }

    @Test
    void shouldSendNoClassesOfTheMasterAheadOfAProgramThatNamesThem() {
        String path = "com/acme/app/Starter.class";
        assertEquals(List.of(path), paths(serve(responder, path, "stream")));
        String master = "io/mitogen/master/ClassResponder.class";
        assertEquals(List.of(master), paths(serve(responder, master, "stream")));
    }

    @Test
    void shouldBringAWholeRoomOfMitogenWithOneRequest() throws Exception {
        LinkedChild child = new LinkedChild(responder::serve);

        child.loader.loadClass("io.mitogen.relay.ClassForwarder");
        for (String path : List.copyOf(child.received)) {
            Class.forName(ClassImage.nameOf(path), true, child.loader);
        }

        assertEquals(List.of("io/mitogen/relay/ClassForwarder.class"), child.requests);
        assertTrue(child.received.contains("io/mitogen/relay/ClassForwarder$Answer.class"), child.received.toString());
        assertTrue(child.received.contains("io/mitogen/relay/SentSet.class"), child.received.toString());
    }

    @Test
    void shouldSayWhyThereIsNothing() {
        assertEquals("the master does not have it either", reason("q/Nope.class"));
        assertEquals("the master does not have it either", reason("q/nope.txt"));
        assertTrue(reason("java/lang/Nope.class").contains("JDK class of module java.base"));
        assertTrue(reason("com/sun/tools/javac/Main.class").contains("JDK class of module jdk.compiler"));
        assertTrue(reason("javax/sql/DataSource.class").contains("JDK class of module java.sql"));
        assertTrue(reason("io/mitogen/core/load/Importer.class").contains("core"));
    }

    @Test
    void shouldKeepToTheClassPathWhateverPathIsAskedFor() {
        assertEquals("text", text(serve(responder, "q/text.txt", "stream").get(0)));
        for (String path : List.of(
                "../outside.txt",
                "q/../../outside.txt",
                "/etc/passwd",
                "q//text.txt",
                "./q/text.txt",
                "",
                "q//",
                "q\\text.txt",
                "..",
                "q/\0.txt",
                "file:/etc/passwd",
                "file:etc",
                "http:secret",
                "jar:file:/a.jar!/b",
                "file:/etc/passwd/../x")) {
            assertTrue(reason(path).contains("no path"), path + ": " + reason(path));
        }
    }

    @Test
    void shouldApplyTheRulesToWhatIsAskedForAndToWhatIsSentAhead() {
        ClassResponder strict = responder(new ImportPolicy(List.of("q.Near", "META-INF"), List.of()));

        assertEquals(List.of("q/Service.class", "q/Main.class"), paths(serve(strict, "q/Main.class", "stream")));
        assertEquals(
                "the master denies q.Near by its rule \"q.Near\"",
                serve(strict, "q/Near.class", "stream").get(0).reason());
    }

    @Test
    void shouldAnswerWhenALoaderFails() {
        ClassFinder finder = new ClassFinder();
        finder.add(new ClassLoader(null) {
            @Override
            public URL getResource(String name) {
                throw new IllegalStateException("disk on fire");
            }
        });
        ClassResponder failing = new ClassResponder(finder, ImportPolicy.ALLOW_ALL);

        assertTrue(serve(failing, "q/Main.class", "stream").get(0).reason().contains("disk on fire"));
    }

    private String reason(String path) {
        List<ClassImage> images = serve(responder, path, "stream");
        assertEquals(1, images.size(), path);
        assertEquals(path, images.get(0).path());
        return images.get(0).reason();
    }

    private static ClassFinder finder() {
        ClassFinder finder = new ClassFinder();
        finder.add(program);
        return finder;
    }

    private static ClassResponder responder(ImportPolicy policy) {
        return new ClassResponder(finder(), policy);
    }

    private static ClassResponder budgeted(int images, int deflatedBytes) {
        return new ClassResponder(
                finder(), ImportPolicy.ALLOW_ALL, new BundlePlanner.Budget(images, deflatedBytes), System::nanoTime);
    }

    private static List<ClassImage> serve(ClassResponder responder, String path, Object stream) {
        List<ClassImage> images = new ArrayList<>();
        responder.serve(path, stream, images::add);
        return images;
    }

    private static List<String> paths(List<ClassImage> images) {
        return images.stream().map(ClassImage::path).toList();
    }

    private static String text(ClassImage image) {
        return new String(image.copies().get(0), UTF_8);
    }
}
