// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.life;

import io.mitogen.connect.Local;
import io.mitogen.core.call.ChildContext;
import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.master.Connected;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.parent.ConnectException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A master in a JVM of its own: grows contexts as the first argument says, prints lines, and ends as its test wants it. */
public final class MasterProgram {
    private static final int BURST = 4;

    private MasterProgram() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "tree" ->
                Mitogen.run(router -> {
                    System.out.println(Trees.grow(router, 2, 3).stream()
                            .map(node -> node.pid() + "")
                            .collect(Collectors.joining(" ")));
                    Acts.parkForEver();
                });
            case "mixed" ->
                Mitogen.run(router -> {
                    System.out.println(growMixed(router).stream()
                            .map(node -> node.pid() + "")
                            .collect(Collectors.joining(" ")));
                    Acts.parkForEver();
                });
            case "starved" ->
                Mitogen.run(router -> {
                    router.local().call(Acts::takeAllThreads);
                    System.out.println("starved");
                    Acts.parkForEver();
                });
            case "forget" -> forget();
            case "burst" -> Mitogen.run(MasterProgram::connectForEver);
            case "wide" -> Mitogen.run(router -> connectWide(router, Integer.parseInt(args[1])));
            case "versions" -> Mitogen.run(router -> System.out.println(versions(router, args[1])));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    /** Starts JVMs and Python interpreters: one of each, and below each what it can start. */
    private static List<Trees.Node> growMixed(MasterRouter router) {
        Local python = Local.create().python();
        Context jvm = router.local();
        Context interpreter = router.connect(python);
        Context belowJvm = router.connect(python.via(jvm));
        List<Trees.Node> nodes = new ArrayList<>();
        nodes.add(new Trees.Node(jvm, jvm.call(Acts::pid), -1));
        nodes.add(new Trees.Node(interpreter, pythonPid(interpreter), -1));
        nodes.add(new Trees.Node(belowJvm, pythonPid(belowJvm), 0));
        for (Context parent : List.of(interpreter, belowJvm)) {
            Context lowest = router.connect(python.via(parent));
            nodes.add(new Trees.Node(lowest, pythonPid(lowest), parent == interpreter ? 1 : 2));
        }
        return nodes;
    }

    private static long pythonPid(Context python) {
        return ((Number) python.call("os", "getpid")).longValue();
    }

    /** Neither closes the broker nor waits. */
    private static void forget() {
        Broker broker = Mitogen.startBroker();
        MasterRouter router = new MasterRouter(broker);
        Context context = router.local();
        context.call(Acts::leaveThreads);
        context.callAsync(Acts::spin);
        System.out.println("forgot");
    }

    private static void connectForEver(MasterRouter router) {
        System.out.println("connecting");
        while (true) {
            List<CompletableFuture<Context>> burst = new ArrayList<>();
            Context via = router.local();
            for (int i = 0; i < BURST; i++) {
                burst.add(router.connectAsync(i == 0 ? Local.create().via(via) : Local.create()));
            }
            burst.forEach(context -> context.join().shutdown());
            via.shutdown();
        }
    }

    /** Asks for contexts, prints why which failed, how many are up, and the pid of one that was up before. */
    private static void connectWide(MasterRouter router, int count) {
        Local small =
                Local.create().jvmOptions("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:ErrorFile=/dev/stderr");
        Context first = router.connect(small);
        first.call(Acts::pid);
        int up = 0;
        for (Connected each : router.connectAll(Collections.nCopies(count, small))) {
            if (each.isUp()) {
                up++;
            } else {
                ConnectException e = each.failure();
                System.out.println("failed " + e.reason() + " " + e.getMessage().replace('\n', ' '));
            }
        }
        System.out.println("up " + up);
        System.out.println("answering " + first.call(Acts::pid));
        System.out.println("pipes " + openPipes());
    }

    private static long openPipes() {
        return Stream.of(new File("/proc/self/fd").list())
                .map(name -> Path.of("/proc/self/fd", name))
                .filter(link -> {
                    try {
                        return Files.readSymbolicLink(link).toString().startsWith("pipe:");
                    } catch (IOException expected) { // closed since it was listed
                        return false;
                    }
                })
                .count();
    }

    /** Returns the Java versions of this master, a child on another Java, a grandchild on the first one, and the other again. */
    private static String versions(MasterRouter router, String otherJava) {
        String java = System.getProperty("java.home") + "/bin/java";
        Context other = router.connect(Local.create().java(otherJava));
        Context below = other.call(MasterProgram::startOn, java);
        Context lowest = router.connect(Local.create().java(otherJava).via(below));
        return Acts.javaVersion() + " " + other.call(Acts::javaVersion) + " " + below.call(Acts::javaVersion) + " "
                + lowest.call(Acts::javaVersion);
    }

    static Context startOn(ChildContext child, String java) {
        return child.connect(Local.create().java(java));
    }

    /** Returns the class path that this program needs, for another JVM. */
    static String classPath() {
        return placeOf(MasterProgram.class) + ":" + placeOf(MasterRouter.class) + ":" + placeOf(Broker.class);
    }

    /** Returns the folder or jar from which a class came. */
    static String placeOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().getPath();
    }
}
