// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.python;

import static io.mitogen.testkit.life.Trees.SOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.InProcess;
import io.mitogen.connect.Local;
import io.mitogen.core.call.CallChain;
import io.mitogen.core.call.CallException;
import io.mitogen.core.call.ChannelException;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.PythonFunction;
import io.mitogen.core.call.Sender;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.master.RouterOptions;
import io.mitogen.parent.ConnectException;
import io.mitogen.testkit.DescriptorLeakCheck;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.ProcessLeakCheck;
import io.mitogen.testkit.TempFileLeakCheck;
import io.mitogen.testkit.life.Trees;
import io.mitogen.testkit.log.RecordedLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Trees of interpreters and JVMs: names, routes, messages and calls in all directions. */
@Timeout(90)
final class MixedTreeIT {
    private static final String JAVA = JavaActs.class.getName();

    private LeakCheck processes;
    private LeakCheck files;
    private LeakCheck descriptors;
    private RecordedLog log;
    private Broker broker;
    private MasterRouter router;

    /** One context, and how to have it do what both languages can. */
    private record Node(Context context, boolean isPython) {
        static Node python(Context context) {
            return new Node(context, true);
        }

        static Node jvm(Context context) {
            return new Node(context, false);
        }

        Sender open() {
            return isPython ? (Sender) context.call(act("open_receiver")) : context.call(JavaActs::openReceiver);
        }

        void send(Sender to, List<?> values) {
            if (isPython) {
                context.call(act("send"), to, values);
            } else {
                context.call(JavaActs::send, to, values);
            }
        }

        List<?> take(int count) {
            return isPython
                    ? context.call(act("take").returning(List.class), count)
                    : context.call(JavaActs::take, count);
        }

        void close(Sender sender) {
            if (isPython) {
                context.call(act("close"), sender);
            } else {
                context.call(JavaActs::close, sender);
            }
        }

        Object reasonOfEnd() {
            return isPython ? context.call(act("reason_of_end")) : context.call(JavaActs::reasonOfEnd);
        }

        void watch(Context other) {
            if (isPython) {
                context.call(act("watch"), other);
            } else {
                context.call(JavaActs::watch, other);
            }
        }

        List<?> goneIds() {
            return isPython ? context.call(act("gone_ids").returning(List.class)) : context.call(JavaActs::goneIds);
        }

        String nameOf(Context other) {
            return isPython
                    ? context.call(act("name_of").returning(String.class), other)
                    : context.call(JavaActs::nameOf, other);
        }
    }

    private static PythonFunction<Object> act(String name) {
        return PythonFunction.of("mixed_acts", name);
    }

    @BeforeEach
    void start() {
        processes = ProcessLeakCheck.start();
        files = TempFileLeakCheck.start();
        descriptors = DescriptorLeakCheck.start();
        log = new RecordedLog(Level.INFO);
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker);
    }

    @AfterEach
    void shouldLeaveNothing() {
        router.close();
        broker.close();
        log.close();
        processes.check(SOON);
        files.check(SOON);
        descriptors.check(SOON);
    }

    private Context python(Context via) {
        return router.connect(Local.create().python().via(via));
    }

    private Context jvm(Context via) {
        return router.connect(Local.create().via(via));
    }

    @Test
    void shouldFindWhatHasNoFolderBelowAPythonContext() {
        Context jvm = jvm(router.connect(Local.create().python()));
        Context below = jvm.call(JavaActs::startJvm);

        for (Context each : List.of(jvm, below)) {
            assertTrue(each.call(JavaActs::hasResource, "mixed_acts.py"));
            assertFalse(each.call(JavaActs::hasResource, "mixed_acts")); // a module has this name, no file has
        }
    }

    @Test
    void shouldAskAPythonParentAgainForWhatItHasForgotten() {
        Context jvm = jvm(router.connect(Local.create().python()));
        assertFalse(jvm.call(JavaActs::hasResource, "no/such"));

        jvm.call(JavaActs::forgetWhatIsMissing);

        assertFalse(jvm.call(JavaActs::hasResource, "no/such"));
        assertFalse(jvm.call(JavaActs::hasResource, "/no/such"));
    }

    /** Returns Java -> Python -> Python, Java -> JVM -> Python -> JVM -> Python, and a JVM and an interpreter beside them. */
    private List<Node> grow() {
        Context python = router.connect(Local.create().python().name("py"));
        Context jvm = router.connect(Local.create().name("jvm"));
        Context below = python(jvm);
        Context deep = jvm(below);
        return List.of(
                Node.python(python),
                Node.python(python(python)),
                Node.jvm(jvm),
                Node.python(below),
                Node.jvm(deep),
                Node.python(python(deep)),
                Node.jvm(router.local()));
    }

    private void assertQuiet() {
        List<String> loud = log.all().stream()
                .filter(record -> record.getLevel().intValue() >= Level.WARNING.intValue())
                .map(record -> record.getLoggerName() + " " + record.getSourceClassName() + " " + record.getMessage())
                .toList();
        assertEquals(List.of(), loud);
    }

    // == Messages ==

    @Test
    void shouldCarryMessagesBetweenAllPairsOfContexts() {
        List<Node> nodes = grow();
        for (Node to : nodes) {
            Sender sender = to.open();
            for (Node from : nodes) {
                List<Object> values =
                        List.of(from.context().id(), "\u00e9\ud83d\udc0d", List.of(1.5, Map.of("k", true)));
                from.send(sender, values);
                assertEquals(values, to.take(3), from + " to " + to);
            }
            nodes.get(0).close(sender);
            assertTrue(to.reasonOfEnd().toString().contains("Sender was explicitly closed"), to::toString);
        }
        assertQuiet();
    }

    // == Contexts as values ==

    @Test
    void shouldTellContextsOfEachOtherByNameAndNumber() {
        List<Node> nodes = grow();
        for (Node node : nodes) {
            for (Node other : nodes) {
                String said = node.nameOf(other.context());
                String own = other.context().name().replaceAll(".*(local\\.\\d+)", "$1");
                assertTrue(said.equals("parent") || said.endsWith(own), () -> said + " is " + other.context());
                if (node.isPython()) {
                    assertEquals(other.context(), node.context().call(act("echo"), other.context()));
                }
            }
        }
        assertQuiet();
    }

    @Test
    void shouldNameContextsByAllThatAreAboveThem() {
        Context py = router.connect(Local.create().python().name("py"));
        Context low = router.connect(Local.create().python().name("low").via(py));
        Context jvm = router.connect(Local.create().name("jvm").via(low));
        Context deep = router.connect(Local.create().python().name("deep").via(jvm));
        Context lowest = router.connect(Local.create().name("lowest").via(deep));

        assertEquals("py.low", low.name());
        assertEquals("py.low.jvm", jvm.name());
        assertEquals("py.low.jvm.deep", deep.name());
        assertEquals("py.low.jvm.deep.lowest", lowest.name());
        assertTrue(
                lowest.path()
                        .endsWith(" -> Local py (Python) -> Local low (Python) -> Local jvm -> Local deep (Python)"
                                + " -> Local lowest"),
                lowest::path);
        assertEquals(pid(deep), lowest.call(JavaActs::parentPid));
    }

    @Test
    void shouldReachWhatPythonStartedItself() {
        Context python = router.connect(Local.create().python().name("py"));
        Context own = (Context) python.call(act("start"), "own");

        assertEquals("py.own", own.name());
        assertEquals(pid(own), python(own).call(PythonFunction.of("os", "getppid")));
        assertEquals(pid(own), jvm(own).call(JavaActs::parentPid));
        assertThrows(
                IllegalArgumentException.class,
                () -> router.connect(InProcess.create().via(own)));
        assertQuiet();
    }

    @Test
    void shouldReachPythonThatAJavaFunctionStarted() {
        Context jvm = router.local();
        Context python = jvm.call(JavaActs::startPython, "own");
        Context guest = jvm.call(JavaActs::startPython, "other");

        assertEquals(pid(python), jvm(python).call(JavaActs::parentPid));
        ConnectException refused = assertThrows(
                ConnectException.class, () -> router.connect(InProcess.create().via(guest)));
        assertTrue(refused.getMessage().contains("Python Mitogen has no such method"), refused::getMessage);
        assertQuiet();
    }

    // == Calls ==

    @Test
    void shouldLetJavaFunctionsCallPythonBelowThem() {
        Context jvm = router.local();
        Context python = jvm.call(JavaActs::startPython, "own");

        assertEquals(42, jvm.call(JavaActs::callPython, python, "operator", "mul", List.of(6, 7)));
        assertEquals(42, python.call(PythonFunction.of("operator", "mul"), 6, 7));
        CallException failed = assertThrows(
                CallException.class,
                () -> jvm.call(JavaActs::callPython, python, "operator", "truediv", List.of(6, 0)));
        assertEquals(CallException.class.getName(), failed.remoteType());
        assertTrue(
                failed.remoteMessage().endsWith(" failed: builtins.ZeroDivisionError: division by zero"),
                failed.remoteMessage());
        assertTrue(failed.remoteStack().contains("\nCaused by: builtins.ZeroDivisionError"), failed.remoteStack());
        assertQuiet();
    }

    @Test
    void shouldLetPythonFunctionsCallJavaBelowThem() {
        Context python = router.connect(Local.create().python());
        Context jvm = jvm(python);
        Context lowest = python(jvm);
        PythonFunction<Object> callJava = act("call_java");

        assertEquals(21, python.call(callJava, jvm, JAVA, "half", List.of(42)));
        assertEquals(
                "7", python.call(callJava, jvm, JAVA, "callPython", List.of(lowest, "builtins", "str", List.of(7))));
        CallException failed =
                assertThrows(CallException.class, () -> python.call(callJava, jvm, JAVA, "half", List.of(43)));
        assertEquals("mitogen.core.CallError", failed.remoteType());
        assertEquals("java.lang.IllegalArgumentException: 43 is odd", failed.remoteMessage());
        assertTrue(failed.remoteStack().contains("JavaActs.half"), failed.remoteStack());
        assertTrue(failed.remoteStack().contains("in call_java"), failed.remoteStack());
        CallException twice = assertThrows(
                CallException.class,
                () -> python.call(callJava, jvm, JAVA, "callPython", List.of(lowest, "builtins", "int", List.of("x"))));
        assertTrue(twice.remoteMessage().contains("builtins.ValueError: invalid literal"), twice.remoteMessage());
        assertQuiet();
    }

    @Test
    void shouldKeepChainsAcrossLanguages() {
        Context python = router.connect(Local.create().python());
        Context jvm = jvm(python);

        assertEquals(
                List.of("java.lang.IllegalArgumentException: 43 is odd", 21),
                python.call(act("java_chain").returning(List.class), jvm, JAVA, "half", 42, 43));
        try (CallChain chain = python.chain()) {
            CompletableFuture<Object> failed = chain.callAsync(act("call_java"), jvm, JAVA, "half", List.of(43));
            CompletableFuture<Object> behind = chain.callAsync(act("pid"));
            assertInstanceOf(
                    CallException.class,
                    assertThrows(CompletionException.class, failed::join).getCause());
            assertInstanceOf(
                    CallException.class,
                    assertThrows(CompletionException.class, behind::join).getCause());
        }
        assertQuiet();
    }

    @Test
    void shouldRefuseCallsBetweenSiblingsOfDifferentLanguages() {
        Context python = router.connect(Local.create().python());
        Context jvm = router.local();

        CallException java =
                assertThrows(CallException.class, () -> python.call(act("call_java"), jvm, JAVA, "half", List.of(42)));
        assertEquals("mitogen.core.ChannelError", java.remoteType());
        assertEquals("refused by policy", java.remoteMessage());
        CallException other = assertThrows(
                CallException.class, () -> jvm.call(JavaActs::callPython, python, "operator", "mul", List.of(6, 7)));
        assertEquals(ChannelException.class.getName(), other.remoteType());
        assertTrue(other.remoteMessage().endsWith("refused by policy"), other.remoteMessage());
        assertQuiet();
    }

    // == Routes ==

    @Test
    void shouldTellThoseWhoTalkedToALostContext() throws Exception {
        List<Node> nodes = new ArrayList<>(grow());
        Node lost = nodes.remove(4);
        Node behind = nodes.remove(4);
        List<Integer> ids = List.of(lost.context().id(), behind.context().id());
        Sender sender = lost.open();
        Sender further = behind.open();
        for (Node node : nodes) {
            node.watch(lost.context());
            node.watch(behind.context());
            node.send(sender, List.of(1));
            node.send(further, List.of(1));
        }
        lost.take(nodes.size());
        behind.take(nodes.size());

        Trees.signal("KILL", lost.context().call(JavaActs::pid));

        for (Node node : nodes) {
            Eventually.until(SOON, node.toString(), () -> node.goneIds().containsAll(ids));
        }
    }

    @Test
    void shouldLetOnlyParentsAndChildrenTalkInUnidirectionalMode() {
        try (MasterRouter strict = new MasterRouter(broker, RouterOptions.DEFAULT.withUnidirectional(true))) {
            Node python = Node.python(strict.connect(Local.create().python()));
            Node jvm = Node.jvm(strict.local());
            List<Node> below = new ArrayList<>();
            for (Node parent : List.of(python, jvm)) {
                Local method = Local.create().via(parent.context());
                below.add(Node.python(strict.connect(method.python())));
                below.add(Node.jvm(strict.connect(method)));
            }
            for (Node to : List.of(python, jvm)) {
                Sender sender = to.open();
                below.forEach(node -> node.send(sender, List.of(node.context().id())));
                List<Integer> own = below.subList(to == python ? 0 : 2, to == python ? 2 : 4).stream()
                        .map(node -> node.context().id())
                        .toList();
                assertEquals(own, to.take(2), "from below, and nothing from elsewhere");
            }
            for (int i = 0; i < 4; i += 2) {
                Sender sender = below.get(i).open();
                below.get(i + 1).send(sender, List.of("from a sibling"));
                (i == 0 ? python : jvm).send(sender, List.of("from above"));
                assertEquals(List.of("from above"), below.get(i).take(1));
            }
        }
    }

    private static int pid(Context python) {
        return python.call(act("pid").returning(Integer.class));
    }
}
