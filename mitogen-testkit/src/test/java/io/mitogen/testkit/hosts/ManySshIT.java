// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.hosts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.ConnectResults;
import io.mitogen.master.Connected;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.master.RouterOptions;
import io.mitogen.ssh.Ssh;
import io.mitogen.testkit.DescriptorLeakCheck;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.LocalSshd;
import io.mitogen.testkit.RequiresSshd;
import io.mitogen.testkit.ThreadLeakCheck;
import io.mitogen.testkit.docker.Account;
import io.mitogen.testkit.docker.DockerHost;
import io.mitogen.testkit.docker.RequiresDocker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A hundred ssh contexts at once: what they take here while they are up, and that nothing is left on either end. */
@Timeout(300)
final class ManySshIT {
    private static final int CONTEXTS = 100;
    private static final int CONTEXTS_OVER_LOOPBACK = 25; // to save time
    private static final int DESCRIPTORS_PER_CONTEXT = 3;
    private static final String[] SMALL = {"-Xmx32m", "-XX:TieredStopAtLevel=1"};
    private static final RouterOptions FEW_AT_A_TIME =
            RouterOptions.DEFAULT.withAttemptsAtATime(8); // for small machines
    private static final Duration PATIENT = Duration.ofMinutes(2);
    private static final Duration IDLE = Duration.ofSeconds(60); // threads for launches and callbacks end when idle

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    @Test
    @RequiresDocker
    void shouldLeaveNothingOfAHundredContextsInContainers() {
        try (DockerHost one = DockerHost.start();
                DockerHost other = DockerHost.start()) {
            List<LeakCheck> there = List.of(one.leakCheck(), other.leakCheck());
            List<Ssh> targets = new ArrayList<>();
            for (int i = 0; i < CONTEXTS; i++) {
                DockerHost host = i % 2 == 0 ? one : other;
                targets.add(host.ssh(Account.OPS).jvmOptions(SMALL).connectTimeout(PATIENT));
            }
            checkMany(targets, there);
        }
    }

    @Test
    @RequiresSshd
    void shouldLeaveNothingOfManyContextsOverLoopback() {
        try (LocalSshd sshd = LocalSshd.start("MaxStartups 1000")) {
            List<LeakCheck> there = List.of(sshd.leakCheck());
            Ssh target = sshd.ssh().jvmOptions(SMALL).connectTimeout(PATIENT);
            checkMany(Collections.nCopies(CONTEXTS_OVER_LOOPBACK, target), there);
        }
    }

    private static void checkMany(List<Ssh> targets, List<LeakCheck> there) {
        LeakCheck all = LeakCheck.startAll();
        LeakCheck here = () -> {
            Set<String> left = all.leftovers();
            left.removeIf(line -> line.contains(" to socket:")); // those of the client of the Docker engine
            return left;
        };
        try (Broker broker = Mitogen.startBroker();
                MasterRouter router = new MasterRouter(broker, FEW_AT_A_TIME)) {
            Set<ProcessHandle> before = children();
            Context first = router.connect(targets.get(0));
            LeakCheck descriptors = DescriptorLeakCheck.start();
            LeakCheck threads = ThreadLeakCheck.start();

            List<Context> contexts = connectAll(router, targets.subList(1, targets.size()));

            Eventually.until(
                    IDLE,
                    "3 descriptors for each context",
                    () -> pipes(descriptors) == DESCRIPTORS_PER_CONTEXT * contexts.size());
            threads.check(IDLE);
            contexts.add(first);
            Set<Object> called = new HashSet<>();
            for (Context context : contexts) {
                called.add(context.name() + " " + context.id() + " " + context.call(ManySshIT::pid));
            }
            assertEquals(targets.size(), called.size());
            assertOneSshFor(targets.size(), before);
            int processes = 0;
            for (LeakCheck host : there) {
                processes += host.leftovers().size();
            }
            assertTrue(processes >= targets.size(), "the check sees too little there: " + processes);
            contexts.forEach(Context::shutdown);
            contexts.forEach(context -> context.gone().join());
            for (LeakCheck host : there) {
                host.check(IDLE);
            }
        }
        here.check(IDLE);
    }

    private static Set<ProcessHandle> children() {
        return ProcessHandle.current().children().collect(Collectors.toSet());
    }

    /** Whatever started them, all processes below this one must be an ssh. */
    private static void assertOneSshFor(int contexts, Set<ProcessHandle> before) {
        List<ProcessHandle> begun =
                children().stream().filter(each -> !before.contains(each)).toList();
        assertEquals(contexts, begun.size(), begun.toString());
        for (ProcessHandle each : begun) {
            String command = each.info().command().orElse("?");
            assertTrue(command.endsWith("/ssh"), command);
            assertEquals(List.of(), each.descendants().toList(), command);
        }
    }

    private static List<Context> connectAll(MasterRouter router, List<Ssh> targets) {
        List<Context> contexts = new ArrayList<>();
        try (ConnectResults results = router.connectAll(targets)) {
            for (Connected result : results) {
                contexts.add(result.context());
            }
        }
        return contexts;
    }

    private static long pipes(LeakCheck descriptors) {
        return descriptors.leftovers().stream()
                .filter(line -> line.contains(" pipe:"))
                .count();
    }
}
