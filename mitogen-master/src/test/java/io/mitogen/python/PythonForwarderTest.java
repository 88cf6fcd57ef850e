// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.concurrent.Lane;
import io.mitogen.core.load.ClassImage;
import io.mitogen.core.load.Importer;
import io.mitogen.core.load.Upstream;
import io.mitogen.core.pickle.Globals;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.MessageHandler;
import io.mitogen.core.route.Registration;
import io.mitogen.core.route.RouterListener;
import io.mitogen.core.testing.Eventually;
import io.mitogen.core.testing.LinkedRouters;
import io.mitogen.core.testing.QuietLogExtension;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import io.mitogen.relay.ClassForwarder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A JVM context (1) below a parent of either kind, with two Python contexts (2, 3) and a JVM context (4) below it. */
final class PythonForwarderTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int JVM = 4;

    @RegisterExtension
    final QuietLogExtension log = new QuietLogExtension();

    @TempDir
    Path folder;

    private final List<String> askedUp = Collections.synchronizedList(new ArrayList<>());
    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
    private final List<Message> heardWhole = Collections.synchronizedList(new ArrayList<>());
    private final Set<String> unanswered = ConcurrentHashMap.newKeySet();
    private final ExecutorService reading = Executors.newSingleThreadExecutor();
    private LinkedRouters tree;
    private LinkedRouters.Node relay;
    private LinkedRouters.Node left;
    private LinkedRouters.Node right;
    private LinkedRouters.Node jvm;
    private Importer importer;
    private ResourceForm form = ResourceForm.TWO_PICKLES;

    @BeforeEach
    void build() throws IOException {
        PythonTree.write(
                folder,
                "tpkg/__init__.py",
                "import tpkg.a\n",
                "tpkg/a.py",
                "from . import b\n",
                "tpkg/b.py",
                "",
                "tpkg/data.txt",
                "data",
                "single.py",
                "");
        tree = new LinkedRouters(log.sink());
        relay = tree.child(1);
        left = listening(2);
        right = listening(3);
        jvm = listening(JVM);
    }

    @AfterEach
    void close() {
        tree.close();
        reading.shutdownNow();
    }

    private LinkedRouters.Node listening(int id) {
        LinkedRouters.Node node = tree.child(relay, id);
        MessageHandler noting = (message, from) -> {
            if (!message.isDead()) {
                heardWhole.add(message);
                heard.add(id + " " + show(message));
            }
        };
        for (int handle : new int[] {Handles.LOAD_MODULE, Handles.LOAD_RESOURCE, Handles.FORWARD_MODULE}) {
            node.router().addHandler(Registration.of(noting).on(handle));
        }
        return node;
    }

    private static String show(Message message) {
        if (message.handle() == Handles.FORWARD_MODULE) {
            return "forward " + message.text().replace('\0', ' ');
        }
        Object first = PickleReader.fromBytes(message.body(), Globals.STANDARD);
        if (message.handle() == Handles.LOAD_RESOURCE) {
            return "resource " + first;
        }
        LoadModule module = LoadModule.decode(message.body());
        return (module.isMissing() ? "no " : "") + module.name();
    }

    /** Makes the master serve as a parent of that kind does, and 1 pass on. */
    private void install(boolean parentIsPython) {
        serve(parentIsPython);
        importer = importerOfRelay();
        ClassForwarder classes = new ClassForwarder(importer);
        MessageHandler classRequests =
                (message, from) -> classes.onRequest(message.text(), from, image -> relay.router()
                        .send(Message.to(from.peerId(), Handles.LOAD_MODULE, Handles.NONE, image.encode())));
        relay.router()
                .broker()
                .runInTurn(() -> new PythonForwarder(
                        relay.router(),
                        importer,
                        classRequests,
                        link -> link.peerId() != JVM,
                        parentIsPython,
                        () -> form));
    }

    private void serve(boolean parentIsPython) {
        PythonModuleFinder finder = new PythonModuleFinder(null, List.of(folder), text -> {});
        PythonModuleService service = new PythonModuleService(
                tree.master().router(),
                new Lane(reading),
                link -> parentIsPython,
                () -> form,
                () -> new PythonModuleResponder(
                        finder, (link, text) -> tree.master().router().log().warning(text)));
        tree.master()
                .router()
                .addHandler(Registration.of((message, from) -> {
                            if (!message.isDead()) {
                                askedUp.add(message.text());
                                if (!unanswered.contains(message.text().replace("python:", ""))) {
                                    assertTrue(service.takes(message.text(), from), message.text());
                                    service.onGetModule(message.text(), from);
                                }
                            }
                        })
                        .on(Handles.GET_MODULE));
    }

    private Importer importerOfRelay() {
        Importer made = new Importer(
                new Upstream() {
                    @Override
                    public void request(String path) {
                        relay.router().send(Message.text(0, Handles.GET_MODULE, path));
                    }

                    @Override
                    public boolean mayWait() {
                        return !relay.router().broker().inTurn();
                    }
                },
                17);
        relay.router()
                .addHandler(Registration.of((message, from) -> {
                            if (!message.isDead()) {
                                made.onImage(ClassImage.decode(message.body()));
                            }
                        })
                        .on(Handles.LOAD_MODULE));
        relay.router().listeners().add(new RouterListener() {
            @Override
            public void onContextGone(int contextId, Link over, String reason) {}

            @Override
            public void onLinkGone(Link link, String reason) {
                if (link == relay.router().parent()) {
                    made.onUpstreamLost(reason);
                }
            }
        });
        return made;
    }

    private void ask(LinkedRouters.Node from, String name) {
        from.router().send(Message.text(1, Handles.GET_MODULE, name));
    }

    private void askResource(LinkedRouters.Node from, String packageName, String fileName) {
        byte[] body = new LoadResource(packageName, fileName).request();
        from.router().send(Message.to(1, Handles.GET_RESOURCE, Handles.NONE, body));
    }

    private void assertHears(String... expected) {
        Eventually.until(SOON, () -> heard.size() >= expected.length);
        assertEquals(List.of(expected), List.copyOf(heard));
        heard.clear();
    }

    /** As above, where nothing orders what different contexts hear. */
    private void assertAllHear(String... expected) {
        Eventually.until(SOON, () -> heard.size() >= expected.length);
        assertEquals(List.of(expected), heard.stream().sorted().toList());
        heard.clear();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSendWhatAModuleImportsAheadOfItOnceDownEachLink(boolean parentIsPython) throws IOException {
        install(parentIsPython);

        ask(left, "tpkg");
        assertHears("2 tpkg.a", "2 tpkg.b", "2 tpkg");
        Message last = heardWhole.get(2);
        assertEquals(
                "tpkg [a, b] /tpkg/__init__.py [tpkg.a, tpkg.b] import tpkg.a\n",
                Bodies.show(last.body(), folder + ""));
        assertEquals("1 1 2", last.src() + " " + last.auth() + " " + last.dst());
        ask(left, "tpkg.a");
        assertHears("2 tpkg.a");
        ask(left, "tpkg");
        assertHears("2 tpkg");
        ask(right, "tpkg.b");
        assertHears("3 tpkg", "3 tpkg.a", "3 tpkg.b");
        assertEquals(1, askedUp.size(), askedUp.toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAskOnceForAllWhoWait(boolean parentIsPython) {
        install(parentIsPython);
        unanswered.add("single");
        ask(left, "single");
        ask(right, "single");
        Eventually.until(SOON, () -> !askedUp.isEmpty());
        ask(right, "tpkg.b");
        assertHears("3 tpkg.b");
        assertEquals(2, askedUp.size());

        unanswered.clear();
        tree.master().router().send(Message.to(1, Handles.LOAD_MODULE, 0, parentIsPython ? single() : singleImage()));

        assertAllHear("2 single", "3 single");
    }

    private static byte[] single() {
        return LoadModule.found("single", null, "/x/single.py", PythonImage.zlib(new byte[0], 9), List.of());
    }

    private static byte[] singleImage() {
        return PythonImage.of("python:single", "/x/single.py", single(), List.of())
                .encode();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldPassNoOnAndRememberIt(boolean parentIsPython) {
        install(parentIsPython);

        ask(left, "nope");
        assertHears("2 no nope");
        ask(right, "nope");
        ask(left, "nope");
        assertAllHear("2 no nope", "3 no nope");
        assertEquals(1, askedUp.size());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldPassResourcesOnAndRememberThem(boolean parentIsPython) {
        install(parentIsPython);

        askResource(left, "tpkg", "data.txt");
        assertHears("2 resource (tpkg, data.txt)");
        assertArrayEquals(
                new LoadResource("tpkg", "data.txt").answer("data".getBytes(UTF_8)),
                heardWhole.get(0).body());
        askResource(right, "tpkg", "data.txt");
        assertHears("3 resource (tpkg, data.txt)");
        assertArrayEquals(heardWhole.get(0).body(), heardWhole.get(1).body());
        for (LinkedRouters.Node each : List.of(left, right)) {
            askResource(each, "tpkg", "nope");
            assertHears((each == left ? "2" : "3") + " resource (tpkg, nope)");
            assertArrayEquals(
                    new LoadResource("tpkg", "nope").answer(null),
                    heardWhole.get(heardWhole.size() - 1).body());
        }
        assertEquals(parentIsPython ? 0 : 2, askedUp.size(), "towards Python it has a handle of its own");
    }

    @ParameterizedTest
    @CsvSource({
        "false, '(0, 3, 37)'",
        "true, '(0, 3, 37)'",
        "true, '(0, 3, 38)'",
        "false, '(0, 3, 39)'",
        "true, '(0, 3, 39)'",
        "false, '(0, 3, 40)'",
        "true, '(0, 3, 40, ''dev'')'"
    })
    void shouldPassResourcesOnInTheFormOfTheVersion(boolean parentIsPython, String version) {
        form = ResourceForm.of(version);
        install(parentIsPython);

        for (LinkedRouters.Node each : List.of(left, right)) {
            askOld(each, version, "tpkg", "data.txt", "data");
            askOld(each, version, "tpkg", "n\u00f6pe", null);
            askOld(each, version, "a/b", "nope", null);
        }
    }

    private void askOld(LinkedRouters.Node from, String version, String name, String file, String content) {
        byte[] body = OldResources.request(version, name, file);
        from.router().send(Message.to(1, Handles.GET_RESOURCE, Handles.NONE, body));
        Eventually.until(SOON, () -> !heardWhole.isEmpty());
        assertEquals(OldResources.answer(name, file, content), OldResources.read(heardWhole.remove(0)));
    }

    @Test
    void shouldReadWhatAParentOfAnyVersionAnswers() throws IOException {
        form = ResourceForm.ONE_PICKLE;
        install(true);
        tree.master().router().send(Message.to(1, Handles.LOAD_RESOURCE, 0, OldResources.encoded("x", "y", "d\u00e9")));
        Eventually.until(SOON, () -> importer.cached("python:x/y") != null);

        askOld(left, "(0, 3, 39)", "x", "y", "d\u00e9");
    }

    @Test
    void shouldSayNoWhenWhatTheParentAnswersCannotBeRead() {
        install(true);
        log.expect("handler failed on");
        unanswered.add("single");
        ask(left, "single");
        tree.master()
                .router()
                .addHandler(Registration.of((message, from) -> {
                            byte[] garbage = PickleWriter.toBytes(Tuple.of(1, 2, 3, 4));
                            tree.master().router().send(Message.to(1, Handles.LOAD_RESOURCE, 0, garbage));
                        })
                        .on(Handles.GET_RESOURCE)
                        .overwriting());

        askResource(left, "tpkg", "data.txt");

        assertHears("2 resource (tpkg, data.txt)");
        assertArrayEquals(
                new LoadResource("tpkg", "data.txt").answer(null),
                heardWhole.get(0).body());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSayNoToAllWhenTheParentIsLost(boolean parentIsPython) {
        install(parentIsPython);
        unanswered.add("single");
        ask(left, "single");
        ask(right, "single");
        Eventually.until(SOON, () -> !askedUp.isEmpty());
        Eventually.until(SOON, "both wait", () -> {
            ask(right, "a".repeat(2000));
            return !heard.isEmpty();
        });
        heard.clear();

        relay.cutParent();

        Eventually.until(SOON, () -> heard.contains("2 no single") && heard.contains("3 no single"));
        heard.clear();
        ask(left, "tpkg");
        assertHears("2 no tpkg");
        askResource(left, "tpkg", "data.txt");
        assertHears("2 resource (tpkg, data.txt)");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLeaveClassesToTheForwarderOfClasses(boolean parentIsPython) {
        install(parentIsPython);
        importer.onImage(ClassImage.found("com/acme/Facts.class", "jar", new byte[] {1}, List.of()));
        importer.onImage(ClassImage.found("META-INF/x", "jar", new byte[] {1}, List.of()));

        ask(jvm, "com/acme/Facts.class");
        ask(left, "com/acme/Facts.class"); // for a JVM below it
        ask(left, "META-INF/x");

        assertAllHear("2 META-INF/x", "2 com/acme/Facts.class", "4 com/acme/Facts.class");
        assertEquals(List.of(), askedUp);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldServeAJvmThatAsksForPythonContextsBelowIt(boolean parentIsPython) throws IOException {
        install(parentIsPython);

        ask(jvm, "python:tpkg");

        Eventually.until(SOON, () -> heard.contains("4 python:tpkg"));
        assertEquals(Set.of("4 python:tpkg", "4 python:tpkg.a", "4 python:tpkg.b"), Set.copyOf(heard));
        ClassImage image =
                ClassImage.decode(heardWhole.get(heardWhole.size() - 1).body());
        assertEquals(List.of("python:tpkg.a", "python:tpkg.b"), image.related());
        assertEquals(
                "tpkg [a, b] /tpkg/__init__.py [tpkg.a, tpkg.b] import tpkg.a\n",
                Bodies.show(image.content(), folder + ""));
        heard.clear();
        ask(jvm, "python:tpkg/data.txt");
        assertHears("4 python:tpkg/data.txt");
        ask(jvm, "python:nope");
        assertHears("4 no python:nope");
    }

    @Test
    void shouldDropWhatIsDueForALinkThatIsGone() {
        install(true);
        unanswered.add("single");
        ask(left, "single");
        Eventually.until(SOON, () -> !askedUp.isEmpty());
        left.cutParent();
        Eventually.until(SOON, () -> relay.router().route(2) == null);

        tree.master().router().send(Message.to(1, Handles.LOAD_MODULE, 0, single()));
        ask(right, "single");

        assertHears("3 single");
    }

    @Test
    void shouldGiveTheImporterWhatItAsksAPythonParentFor() {
        install(true);
        byte[] resource = ClassImage.found("/0/logback.xml", "app.jar", new byte[] {1}, List.of())
                .encode();
        byte[] none = ClassImage.missing("/1/spring.xml", "it is not there").encode();

        tree.master().router().send(Message.to(1, Handles.LOAD_MODULE, 0, resource));
        tree.master().router().send(Message.to(1, Handles.LOAD_MODULE, 0, none));
        tree.master().router().send(Message.to(1, Handles.LOAD_MODULE, 0, single()));

        Eventually.until(SOON, () -> importer.cached("python:single") != null);
        assertFalse(importer.cached("logback.xml").isMissing());
        assertTrue(importer.cached("spring.xml").isMissing());
        assertEquals(null, importer.cached("single"), "no resource");
    }

    @Test
    void shouldNotAskAPythonParentAgainWhenTheImporterHasForgottenTheAnswer() {
        install(true);
        ask(left, "nope");
        assertHears("2 no nope");
        for (int i = 0; importer.cached("python:nope") != null; i++) {
            importer.onImage(ClassImage.missing("no/such/" + i, "it is not there"));
        }

        unanswered.add("nope");
        ask(right, "nope");

        assertHears("3 no nope");
        assertEquals(1, askedUp.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.3.3", "0.3.52dev"})
    void shouldForwardModulesAsARecordedRelayDid(String version) {
        install(true);
        RecordedFrames recorded = RecordedFrames.of(version, "fwd_a");

        for (RecordedFrames.Frame each : recorded.frames()) {
            if (each.isDown() && (each.handle() == Handles.LOAD_MODULE || each.handle() == Handles.FORWARD_MODULE)) {
                tree.master().router().send(Message.to(1, each.handle(), 0, each.body()));
            }
        }

        List<RecordedFrames.Frame> expected =
                RecordedFrames.of(version, "fwd_b").on(Handles.LOAD_MODULE);
        Eventually.until(SOON, () -> heardWhole.size() >= expected.size());
        assertEquals(5, expected.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(2, heardWhole.get(i).dst());
            assertArrayEquals(expected.get(i).body(), heardWhole.get(i).body());
        }
    }

    @Test
    void shouldForwardModulesOnwardsWhenTheTargetIsFurtherDown() {
        install(true);
        for (int next : new int[] {2, JVM}) {
            Link link = relay.router().route(next);
            relay.router().broker().runInTurn(() -> relay.router().addRoute(1000 + next, link));
        }
        tree.master().router().send(Message.to(1, Handles.LOAD_MODULE, 0, single()));

        tree.master().router().send(Message.text(1, Handles.FORWARD_MODULE, "1002\0single"));
        assertHears("2 single", "2 forward 1002 single");
        tree.master().router().send(Message.text(1, Handles.FORWARD_MODULE, "1002\0single"));
        tree.master().router().send(Message.text(1, Handles.FORWARD_MODULE, "1002\0unknown"));
        tree.master().router().send(Message.text(1, Handles.FORWARD_MODULE, "77\0single"));
        tree.master().router().send(Message.text(1, Handles.FORWARD_MODULE, "1004\0single"));
        assertHears("4 python:single", "4 forward 1004 single");
    }

    @Test
    void shouldObeyNobodyBelow() {
        install(true);
        log.expect("FORWARD_MODULE without a valid id");
        tree.master().router().send(Message.text(1, Handles.FORWARD_MODULE, "x\0single"));
        left.router().send(Message.to(1, Handles.LOAD_MODULE, 0, single()));
        left.router().send(Message.text(1, Handles.FORWARD_MODULE, "3\0single"));
        ask(left, "nope");

        assertHears("2 no nope");
        assertEquals(null, importer.cached("python:single"));
    }

    @Test
    void shouldStopAskingAPythonParentForWhatDoesNotExist() {
        install(true);
        for (int i = 0; i < 4_001; i++) {
            ask(left, "nope" + i);
        }
        Eventually.until(Duration.ofSeconds(25), () -> heard.size() == 4_001);
        int asked = askedUp.size();
        heard.clear();

        ask(left, "another");
        ask(left, "nope7");
        assertHears("2 no another", "2 no nope7");
        assertEquals(asked, askedUp.size());
    }
}
