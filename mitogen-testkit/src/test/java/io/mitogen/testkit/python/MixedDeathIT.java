// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.python;

import static io.mitogen.testkit.life.Trees.SOON;
import static io.mitogen.testkit.life.Trees.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.call.CallException;
import io.mitogen.core.call.ChannelException;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.ContextGoneException;
import io.mitogen.core.call.PythonFunction;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.master.RouterOptions;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.ProcessLeakCheck;
import io.mitogen.testkit.life.Trees;
import io.mitogen.testkit.log.RecordedLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.*;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
final class MixedDeathIT {
    private LeakCheck processes, files, descriptors;
    private RecordedLog log;
    private Broker broker;
    private MasterRouter router;
    @TempDir Path folder;

    @BeforeEach
    void start() {
        processes = ProcessLeakCheck.start();
        files = io.mitogen.testkit.TempFileLeakCheck.start();
        descriptors = io.mitogen.testkit.DescriptorLeakCheck.start();
        log = new RecordedLog(Level.INFO);
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker);
    }

    @AfterEach
    void shouldLeaveNothing() {
        router.close();
        broker.close();
        log.close();
        log.all().forEach(r -> System.err.println("   LOG " + r.getLevel() + " " + r.getLoggerName() + " " + r.getSourceClassName() + " " + r.getMessage()));
        processes.check(SOON);
        files.check(SOON);
        descriptors.check(SOON);
    }

    private static PythonFunction<Object> act(String name) {
        return PythonFunction.of("mixed_acts", name);
    }
    private Context python(Context via) {
        return router.connect(Local.create().python().via(via));
    }

    private Context jvm(Context via) {
        return router.connect(Local.create().via(via));
    }
    private static int pid(Context c) { return (int) c.call(act("pid")); }

    private void kill(String signal) throws Exception {
        Context top = router.local();
        Context middle = python(top);
        Context low = jvm(middle);
        Context lowest = python(low);
        int pid = pid(middle);
        var inMiddle = middle.callAsync(act("hang"));
        var inLow = low.callAsync(JavaActs::hang);
        var inLowest = lowest.callAsync(act("hang"));
        Trees.signal(signal, pid);
        if (signal.equals("STOP")) { System.err.println("stopping then killing"); Trees.signal("KILL", pid); }
        System.err.println(signal + " MIDDLE " + failureOf(inMiddle));
        System.err.println(signal + " LOW " + failureOf(inLow));
        System.err.println(signal + " LOWEST " + failureOf(inLowest));
        System.err.println(middle.gone().get() + "|" + low.gone().get() + "|" + lowest.gone().get());
        System.err.println(assertThrows(Throwable.class, () -> lowest.call(act("pid"))));
        assertTrue(top.call(JavaActs::pid) > 0);
    }
    @Test void k1() throws Exception { kill("KILL"); }
    @Test void k2() throws Exception { kill("TERM"); }
    @Test void k3() throws Exception { kill("STOP"); }
    @Test void killOfParentOfStopped() throws Exception {
        Context top = router.connect(Local.create().python());
        Context middle = python(top);
        Context low = jvm(middle);
        int pid = pid(top), m = pid(middle);
        var inLow = low.callAsync(JavaActs::hang);
        Trees.signal("STOP", m);
        Trees.signal("KILL", pid);
        System.err.println("LOW " + failureOf(inLow));
        // a stopped python whose parent died : who ends it?
        Trees.signal("CONT", m);
    }
    @Test void stoppedAtShutdown() throws Exception {
        Context top = router.connect(Local.create().python());
        Context middle = python(top);
        Context low = python(middle);
        Trees.signal("STOP", pid(middle));
    }
    @Test void duringConnect() throws Exception {
        Context top = router.local();
        Context middle = python(top);
        int pid = pid(middle);
        Path hang = folder.resolve("python");
        Files.writeString(hang, "#!/bin/sh\ntouch " + folder + "/began\nexec sleep 60\n");
        hang.toFile().setExecutable(true);
        var c = router.connectAsync(Local.create().python(hang.toString()).via(middle));
        Eventually.until(SOON, () -> Files.exists(folder.resolve("began")));
        Trees.signal("KILL", pid);
        System.err.println(failureOf(c));
        new ProcessBuilder("pkill", "-f", "sleep 60").start();
    }
    @Test void duringLoad() throws Exception {
        // module whose import hangs while we kill
        Files.writeString(folder.resolve("slow_mod.py"), "import os, time\nopen('" + folder + "/began','w').close()\ntime.sleep(1000)\n");
        try (MasterRouter r = new MasterRouter(broker, RouterOptions.DEFAULT.withPython(io.mitogen.python.PythonOptions.DEFAULT.withSearchPath(List.of(folder))))) {
            Context top = r.local();
            Context p = r.connect(Local.create().python().via(top));
            int pid = pid(p);
            Context low = r.connect(Local.create().python().via(p));
            var call = low.callAsync("slow_mod", "f");
            Eventually.until(SOON, () -> Files.exists(folder.resolve("began")));
            Trees.signal("KILL", pid);
            System.err.println(failureOf(call));
        }
    }
    @Test void ends() throws Exception {
        for (var f : List.of(act("exit_with").with("status", 3), act("leave_at_once").with("status", 4), act("interrupt"), act("generator"))) {
            Context c = router.connect(Local.create().python().name("e"));
            System.err.println(f + ": " + failureOf(c.callAsync(f)) + " / " + c.gone().get());
        }
    }
    @Test void large() throws Exception {
        Context c = router.connect(Local.create().python().name("e"));
        System.err.println(failureOf(c.callAsync(act("large"), 200_000_000)));
        assertEquals(100_000_000, ((String) c.call(act("large"), 100_000_000)).length());
        assertTrue(pid(c) > 0);
    }
    @Test void termIgnored() throws Exception {
        Context c = router.connect(Local.create().python().name("e"));
        Context d = python(c);
        c.call(act("ignore_term"));
        d.call(act("ignore_term"));
        var h = d.callAsync(act("hang"));
        c.shutdown();
        System.err.println(failureOf(h) + "/" + c.gone().get());
    }
    @Test void fork() throws Exception {
        Context c = router.connect(Local.create().python().name("e"));
        Context d = python(c);
        int a = (int) c.call(act("fork_and_leave"));
        int b = (int) d.call(act("fork_and_leave"));
        System.err.println("left " + a + " " + b);
        d.shutdown();
        System.err.println(d.gone().get(20, TimeUnit.SECONDS));
        c.shutdown();
        System.err.println(c.gone().get(20, TimeUnit.SECONDS));
        for (int x : new int[]{a, b}) System.err.println(x + " alive: " + ProcessHandle.of(x).map(ProcessHandle::isAlive));
        for (int x : new int[]{a, b}) if (ProcessHandle.of(x).isPresent()) Trees.signal("KILL", x);
    }
    @Test void detach() throws Exception {
        Path f = folder.resolve("detached");
        Context c = router.connect(Local.create().python().name("e"));
        Context j = router.local();
        Context d = python(j);
        for (Context x : List.of(c, d)) {
            Path p = folder.resolve("d" + x.id());
            System.err.println(failureOf(x.callAsync(act("detach"), p.toString())));
            System.err.println(x.gone().get());
        }
        router.close();
        broker.close();
        for (Context x : List.of(c, d)) {
            Path p = folder.resolve("d" + x.id());
            Eventually.until(SOON, () -> Files.exists(p));
            long pid = Long.parseLong(Files.readString(p));
            System.err.println("alive " + ProcessHandle.of(pid).get().isAlive());
            Trees.signal("TERM", pid);
        }
    }
    @Test void many() throws Exception {
        List<CompletableFuture<Context>> l = new ArrayList<>();
        for (int i = 0; i < 30; i++) l.add(router.connectAsync(Local.create().python()));
        Set<Object> pids = new HashSet<>();
        for (var x : l) pids.add(pid(x.get()));
        assertEquals(30, pids.size());
        for (var x : l) x.get().shutdown();
        for (var x : l) x.get().gone().get(20, TimeUnit.SECONDS);
    }
    @Test void noReply() throws Exception {
        Context c = router.connect(Local.create().python().name("e"));
        Context d = python(router.connect(Local.create().name("j").via(c)));
        c.callNoReply(PythonFunction.of("operator", "truediv"), 1, 0);
        d.callNoReply(PythonFunction.of("operator", "truediv"), 2, 0);
        pid(c); pid(d);
    }
    @Test void unidirectional() throws Exception {
        try (MasterRouter r = new MasterRouter(broker, RouterOptions.DEFAULT.withUnidirectional(true))) {
            Context a = r.connect(Local.create().python()), b = r.local(), c = r.connect(Local.create().python().via(b)), d = r.connect(Local.create().python().via(b)), e = r.connect(Local.create().python().via(a)), f = r.connect(Local.create().via(a));
            var sa = a.call(act("open_receiver"));
            for (Context x : List.of(c, d, e, f)) {
              if (x == f) x.call(JavaActs::send, (io.mitogen.core.call.Sender) sa, List.of(x.id())); else
              x.call(act("send"), sa, List.of(x.id()));
            }
            System.err.println(a.call(act("take"), 2));
            var sc = c.call(act("open_receiver"));
            d.call(act("send"), sc, List.of(1)); 
            b.call(JavaActs::send, (io.mitogen.core.call.Sender) sc, List.of(2)); 
            System.err.println(c.call(act("take"), 1));
            var se = e.call(act("open_receiver"));
            f.call(JavaActs::send, (io.mitogen.core.call.Sender) se, List.of(1));
            a.call(act("send"), se, List.of(2));
            System.err.println(e.call(act("take"), 1));
        }
    }
}
