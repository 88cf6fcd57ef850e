// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.python;

import static io.mitogen.testkit.life.Trees.SOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.call.CallChain;
import io.mitogen.core.call.CallException;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.PythonFunction;
import io.mitogen.core.call.Receiver;
import io.mitogen.core.call.Sender;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.master.RouterOptions;
import io.mitogen.testkit.DescriptorLeakCheck;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.ProcessLeakCheck;
import io.mitogen.testkit.TempFileLeakCheck;
import io.mitogen.testkit.life.Trees;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.IntStream;
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
    private io.mitogen.testkit.log.RecordedLog log;
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
            return isPython ? context.call(act("take").returning(List.class), count) : context.call(JavaActs::take, count);
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
            return isPython ? context.call(act("name_of").returning(String.class), other) : context.call(JavaActs::nameOf, other);
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
        log = new io.mitogen.testkit.log.RecordedLog(Level.INFO);
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
                List<Object> values = List.of(from.context().id(), "\u00e9\ud83d\udc0d", List.of(1.5, Map.of("k", true)));
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
        Map<Integer, String> names = new java.util.HashMap<>();
        for (Node node : nodes) {
            names.put(node.context().id(), node.context().name());
        }
        System.err.println(names);
        for (Node node : nodes) {
            for (Node other : nodes) {
                Object echoed = node.isPython() ? node.context().call(act("echo"), other.context()) : other.context();
                assertEquals(other.context(), echoed);
            }
        }
        assertQuiet();
    }

    @Test
    void shouldReachWhatPythonStartedItself() {
        Context python = router.connect(Local.create().python().name("py"));
        Context own = (Context) python.call(act("start"), "own");
        Context below = (Context) own.call(act("start"), "below");

        assertEquals("py.own", own.name());
        assertEquals("py.below", below.name(), "Python tells of routes without the names between");
        assertEquals(own.call(act("pid")), below.call(PythonFunction.of("os", "getppid")));
        assertEquals(own.call(act("pid")), python(own).call(PythonFunction.of("os", "getppid")));
        assertEquals(own.call(act("pid")), jvm(own).call(() -> (int) ProcessHandle.current().parent().orElseThrow().pid()));
        assertQuiet();
    }

    @Test
    void shouldLetJavaFunctionsStartAndCallPython() {
        Context jvm = router.local();
        Context python = jvm.call(JavaActs::startPython, "own");

        assertEquals(42, jvm.call(JavaActs::callPython, python, "operator", "mul", List.of(6, 7)));
        assertEquals(42, python.call(PythonFunction.of("operator", "mul"), 6, 7));
        CallException failed = assertThrows(CallException.class, () -> jvm.call(JavaActs::callPython, python, "operator", "truediv", List.of(6, 0)));
        System.err.println(failed.remoteType() + "|" + failed.remoteMessage() + "|" + failed.remoteStack());
        assertQuiet();
    }

    @Test
    void shouldLetPythonFunctionsCallJava() {
        Context python = router.connect(Local.create().python());
        Context jvm = jvm(python);
        Context lowest = python(jvm);

        assertEquals(21, python.call(act("call_java"), jvm, JAVA, "half", List.of(42)));
        CallException failed = assertThrows(CallException.class, () -> python.call(act("call_java"), jvm, JAVA, "half", List.of(43)));
        System.err.println(failed.remoteType() + "|" + failed.remoteMessage() + "|" + failed.remoteStack());
        assertEquals("7", python.call(act("call_java"), jvm, JAVA, "callPython", List.of(lowest, "builtins", "str", List.of(7))));
        failed = assertThrows(CallException.class, () -> python.call(act("call_java"), jvm, JAVA, "callPython", List.of(lowest, "builtins", "int", List.of("x"))));
        System.err.println(failed.remoteType() + "|" + failed.remoteMessage() + "|" + failed.remoteStack());
        assertQuiet();
    }

    @Test
    void shouldKeepChainsOfPythonInJvms() {
        Context python = router.connect(Local.create().python());
        Context jvm = jvm(python);

        List<?> said = python.call(act("java_chain").returning(List.class), jvm, JAVA, "half", 42, 43);
        assertEquals(List.of("java.lang.IllegalArgumentException: 43 is odd", 21), said);
        assertQuiet();
    }

    @Test
    void shouldRefuseCallsToSiblings() {
        Context python = router.connect(Local.create().python());
        Context jvm = router.local();
        Throwable a = assertThrows(CallException.class, () -> python.call(act("call_java"), jvm, JAVA, "half", List.of(42)));
        System.err.println(a);
        Throwable b = assertThrows(CallException.class, () -> jvm.call(JavaActs::callPython, python, "operator", "mul", List.of(6, 7)));
        System.err.println(b);
        assertQuiet();
    }

    @Test
    void shouldTellThoseWhoTalkedToALostContext() throws Exception {
        List<Node> nodes = grow();
        Node lost = nodes.get(4);
        Node behind = nodes.get(5);
        Sender sender = lost.open();
        Sender senderBehind = behind.open();
        for (Node node : nodes) {
            if (node != lost && node != behind) {
                node.watch(lost.context());
                node.watch(behind.context());
                node.send(sender, List.of(1));
                node.send(senderBehind, List.of(1));
            }
        }
        Trees.signal("KILL", lost.context().call(JavaActs::pid));
        System.err.println(lost.context().gone().get() + " / " + behind.context().gone().get());
        for (Node node : nodes) {
            if (node != lost && node != behind) {
                Eventually.until(SOON, node.toString(), () -> {
                  List<Object> ids = new ArrayList<>(node.goneIds()); return ids.contains(lost.context().id()) && ids.contains(behind.context().id()); });
            }
        }
        log.all().forEach(r -> System.err.println(r.getLevel() + " " + r.getLoggerName() + " " + r.getSourceClassName() + " " + r.getMessage()));
    }
}
