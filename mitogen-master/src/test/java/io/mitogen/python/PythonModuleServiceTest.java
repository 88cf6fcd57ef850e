// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.mitogen.core.load.ClassImage;
import io.mitogen.core.route.Registration;
import io.mitogen.core.route.Router;
import io.mitogen.core.testing.Eventually;
import io.mitogen.core.testing.LinkedRouters;
import io.mitogen.core.testing.QuietLogExtension;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A master with a Python context (1) and a JVM context (2). */
final class PythonModuleServiceTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @RegisterExtension
    final QuietLogExtension log = new QuietLogExtension();

    @TempDir
    Path folder;

    private final List<Message> heard = Collections.synchronizedList(new ArrayList<>());
    private LinkedRouters tree;
    private LinkedRouters.Node python;
    private LinkedRouters.Node jvm;
    private ResourceForm form = ResourceForm.TWO_PICKLES;

    @BeforeEach
    void build() throws IOException {
        StringBuilder noise = new StringBuilder();
        new Random(7).ints(40_000, 'A', 'z').forEach(c -> noise.append((char) c));
        PythonTree.write(
                folder,
                "p/__init__.py",
                "import p.big, p.small",
                "p/small.py",
                "",
                "p/big.py",
                "'''" + noise + "'''",
                "p/data.txt",
                "data",
                "p/big.txt",
                noise.toString());
        tree = new LinkedRouters(log.sink(), new Router.Settings(20_000, false));
        python = child(1);
        jvm = child(2);
    }

    private LinkedRouters.Node child(int id) {
        LinkedRouters.Node child = tree.child(id);
        for (int handle : new int[] {Handles.LOAD_MODULE, Handles.LOAD_RESOURCE}) {
            child.router()
                    .addHandler(Registration.of((message, from) -> {
                                if (!message.isDead()) {
                                    heard.add(message);
                                }
                            })
                            .on(handle));
        }
        return child;
    }

    @AfterEach
    void close() {
        tree.close();
    }

    private void serve() {
        PythonModuleFinder finder = new PythonModuleFinder(null, List.of(folder), text -> {});
        serve(
                Runnable::run,
                () -> new PythonModuleResponder(
                        finder, (link, text) -> tree.master().router().log().warning(text)));
    }

    private void serve(Executor lane, Supplier<PythonModuleResponder> maker) {
        Router router = tree.master().router();
        PythonModuleService service =
                new PythonModuleService(router, lane, link -> link.peerId() == 1, () -> form, maker);
        router.addHandler(Registration.of((message, from) -> {
                    if (!message.isDead()) {
                        if (service.takes(message.text(), from)) {
                            service.onGetModule(message.text(), from);
                        } else {
                            byte[] body = ClassImage.missing(message.text(), "a class")
                                    .encode();
                            router.send(Message.to(from.peerId(), Handles.LOAD_MODULE, 0, body));
                        }
                    }
                })
                .on(Handles.GET_MODULE));
    }

    private List<String> ask(LinkedRouters.Node child, String name, int answers) {
        heard.clear();
        child.router().send(Message.text(0, Handles.GET_MODULE, name));
        Eventually.until(SOON, () -> heard.size() >= answers);
        return heard.stream()
                .map(each -> LoadModule.decode(each.body()))
                .map(each -> (each.isMissing() ? "no " : "") + each.name())
                .toList();
    }

    @Test
    void shouldTellRequestsOfPythonFromThoseOfTheJvm() {
        serve();

        assertEquals(List.of("p.small"), ask(python, "p.small", 1));
        assertEquals(List.of("no p.small"), ask(jvm, "p.small", 1));
        assertEquals("a class", ClassImage.decode(heard.get(0).body()).reason());
        assertEquals(List.of("no com/acme/Facts.class"), ask(python, "com/acme/Facts.class", 1));
        assertEquals("a class", ClassImage.decode(heard.get(0).body()).reason(), "for a JVM below it");
        assertEquals(List.of("no Facts.class"), ask(python, "Facts.class", 1));
        assertEquals("a class", ClassImage.decode(heard.get(0).body()).reason());
        assertEquals(List.of("no python:p"), ask(python, "python:p", 1));
        assertEquals(List.of("python:p.small"), ask(jvm, "python:p.small", 1));
        assertEquals(List.of("no python:nope"), ask(jvm, "python:nope", 1));
        assertEquals(List.of("python:p/data.txt"), ask(jvm, "python:p/data.txt", 1));
        assertEquals(List.of("no python:p/nope"), ask(jvm, "python:p/nope", 1));
        assertEquals(List.of("no python:../x"), ask(jvm, "python:../x", 1));
    }

    @Test
    void shouldSayNoWhenAModuleIsLargerThanAMessage() {
        serve();
        assertEquals(List.of("p.small", "p"), ask(python, "p", 2), "not sent ahead, no harm");
        log.expect("the Python module p.big was not sent to link to context 1");
        assertEquals(List.of("no p.big"), ask(python, "p.big", 1));
    }

    @Test
    void shouldSendAModuleWithoutTheNamesOfOthersWhenOnlyTheseMakeItTooLarge() throws IOException {
        StringBuilder imports = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            String module = "module_with_a_name_that_takes_some_room_" + i;
            imports.append("import many.").append(module).append('\n');
            PythonTree.write(folder, "many/" + module + ".py", "");
        }
        PythonTree.write(folder, "many/__init__.py", "", "many/all.py", imports.toString());
        serve();

        for (LinkedRouters.Node child : List.of(python, jvm)) {
            String name = child == python ? "many.all" : "python:many.all";
            heard.clear();
            child.router().send(Message.text(0, Handles.GET_MODULE, name));
            Eventually.until(SOON, () -> !heard.isEmpty() && lastHeard().name().equals(name));
            assertFalse(lastHeard().isMissing(), name);
        }
    }

    private LoadModule lastHeard() {
        return LoadModule.decode(heard.get(heard.size() - 1).body());
    }

    @Test
    void shouldSayTheSameToARelay() {
        serve();
        log.expect("the Python module p.big was not sent to link to context 2");
        assertEquals(List.of("no python:p.big"), ask(jvm, "python:p.big", 1));
        log.expect("big.txt of the Python package p was not sent");
        assertEquals(List.of("no python:p/big.txt"), ask(jvm, "python:p/big.txt", 1));
    }

    @Test
    void shouldAnswerForResourcesAlways() {
        serve();
        log.expect("big.txt of the Python package p was not sent");
        for (String name : List.of("data.txt", "nope", "big.txt", "../x")) {
            heard.clear();
            LoadResource wanted = new LoadResource("p", name);
            python.router().send(Message.to(0, Handles.GET_RESOURCE, 0, wanted.request()));
            Eventually.until(SOON, () -> !heard.isEmpty());
            byte[] content = name.equals("data.txt") ? "data".getBytes(java.nio.charset.StandardCharsets.UTF_8) : null;
            assertArrayEquals(wanted.answer(content), heard.get(0).body(), name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"(0, 3, 37)", "(0, 3, 38)", "(0, 3, 39)", "(0, 3, 40, 'dev')"})
    void shouldAnswerForResourcesWithOnePickleWhenThePackageIsAnOldOne(String version) {
        form = ResourceForm.of(version);
        serve();
        log.expect("big.txt of the Python package p was not sent");
        for (String name : List.of("data.txt", "nope", "big.txt", "../x")) {
            heard.clear();
            python.router().send(Message.to(0, Handles.GET_RESOURCE, 0, OldResources.request(version, "p", name)));
            Eventually.until(SOON, () -> !heard.isEmpty());
            String content = name.equals("data.txt") ? "data" : null;
            assertEquals(OldResources.answer("p", name, content), OldResources.read(heard.get(0)), name);
        }
        assertEquals(List.of("python:p/data.txt"), ask(jvm, "python:p/data.txt", 1));
    }

    @Test
    void shouldAnswerWhateverFails() {
        log.expect("could not answer a Python context: java.lang.IllegalStateException: no Python here");
        serve(Runnable::run, () -> {
            throw new IllegalStateException("no Python here");
        });

        assertEquals(List.of("no p"), ask(python, "p", 1));
        assertEquals(List.of("no python:p"), ask(jvm, "python:p", 1));
        assertEquals(List.of("no python:p/x"), ask(jvm, "python:p/x", 1));
        heard.clear();
        LoadResource wanted = new LoadResource("p", "x");
        python.router().send(Message.to(0, Handles.GET_RESOURCE, 0, wanted.request()));
        Eventually.until(SOON, () -> !heard.isEmpty());
        assertArrayEquals(wanted.answer(null), heard.get(0).body());
    }

    @Test
    void shouldAnswerWhenNoThreadCanBeHad() {
        serve(
                task -> {
                    throw new OutOfMemoryError("no thread");
                },
                () -> null);

        assertEquals(List.of("no p"), ask(python, "p", 1));
        assertEquals(List.of("no python:p"), ask(jvm, "python:p", 1));
    }

    @Test
    void shouldSayNoToWhatIsTooLongForAName() {
        serve();
        String name = "a".repeat(1001);

        assertEquals(List.of("no " + name), ask(python, name, 1));
    }

    @Test
    void shouldGoOnAfterARequestThatIsNone() {
        serve();
        log.expect("handler failed on");
        log.expect("ignored a GET_RESOURCE of 17000 bytes");
        python.router().send(Message.text(0, Handles.GET_RESOURCE, "no pickle"));
        python.router().send(Message.to(0, Handles.GET_RESOURCE, 0, new byte[17_000]));

        assertEquals(List.of("p.small"), ask(python, "p.small", 1));
    }
}
