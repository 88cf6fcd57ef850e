// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.life;

import static io.mitogen.testkit.life.Trees.SOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.ContextGoneException;
import io.mitogen.core.call.PythonFunction;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.ProcessLeakCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Trees that lose contexts at random moments, while calls run in all of them: every call ends, in its value or because its
 * context has gone, and nothing is left. The seed decides what is killed how, in what order and after how many calls; it is part
 * of every failure.
 */
@Timeout(300)
final class KillStormIT {
    private static final int TREES = 60;
    private static final int TREES_AT_ONCE = 6;
    private static final int KILLS = 200;
    private static final int PYTHON_EVERY = 6; // trees
    private static final int CALLERS = 4;
    private static final int MAX_CALLS_BETWEEN = 40;
    private static final Duration IDLE = Duration.ofSeconds(30); // threads for launches and callbacks end when idle
    private static final Local SMALL = Local.create().jvmOptions("-Xmx64m", "-XX:TieredStopAtLevel=1");

    /** Functions of the contexts. */
    static final class Work {
        private Work() {}

        static int sum(int one, int two) {
            return one + two;
        }

        static int sumSlowly(int one, int two) {
            LockSupport.parkNanos(2_000_000);
            return one + two;
        }

        static int length(byte[] bytes) {
            return bytes.length;
        }
    }

    /** A context, how deep it lives and whether it is an interpreter. */
    private record Member(Context context, long pid, int depth, boolean isPython) {
        static Member jvm(Context context, int depth) {
            return new Member(context, context.call(Acts::pid), depth, false);
        }

        static Member python(Context context, int depth) {
            return new Member(context, context.call(PYTHON_PID), depth, true);
        }
    }

    /** How a context is ended. */
    private enum Kill {
        SIGKILL {
            @Override
            void end(Member member) throws Exception {
                Trees.signal("KILL", member.pid);
            }
        },
        SIGTERM {
            @Override
            void end(Member member) throws Exception {
                Trees.signal("TERM", member.pid);
            }
        },
        SHUTDOWN {
            @Override
            void end(Member member) {
                member.context.shutdown();
            }
        };

        abstract void end(Member member) throws Exception;
    }

    private static final PythonFunction<Integer> PYTHON_PID =
            PythonFunction.of("os", "getpid").returning(Integer.class);
    private static final PythonFunction<Integer> PYTHON_SUM =
            PythonFunction.of("operator", "add").returning(Integer.class);

    private final long seed = Long.getLong("mitogen.fuzz.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    private int kills;

    @Test
    void shouldEndEveryCallRightWhenContextsAreKilledAtRandomMoments() throws Exception {
        System.out.println("kill storm: seed " + seed);
        LeakCheck all = LeakCheck.startAll();
        try (Broker broker = Mitogen.startBroker();
                MasterRouter router = new MasterRouter(broker)) {
            for (int begin = 0; begin < TREES; begin += TREES_AT_ONCE) {
                storm(router, begin);
            }
        }
        System.out.println("kill storm: " + kills + " kills, " + calls + " calls, " + lost + " of them lost");

        assertEquals(List.of(), List.copyOf(wrong), "seed " + seed);
        assertEquals(KILLS, kills);
        assertTrue(lost.get() > KILLS && lost.get() < calls.get(), "seed " + seed + ": " + lost + " of " + calls);
        all.check(IDLE);
    }

    private void storm(MasterRouter router, int firstTree) throws Exception {
        LeakCheck processes = ProcessLeakCheck.start();
        List<List<Member>> trees = grow(router, firstTree);
        List<Member> members = trees.stream().flatMap(List::stream).toList();
        List<Thread> callers = new ArrayList<>();
        AtomicBoolean isOver = new AtomicBoolean();
        for (int i = 0; i < CALLERS; i++) {
            Random own = new Random(random.nextLong());
            Thread caller = new Thread(() -> callUntil(isOver, members, own), "caller " + i);
            caller.start();
            callers.add(caller);
        }
        for (Member victim : victims(trees, firstTree)) {
            int after = calls.get() + random.nextInt(MAX_CALLS_BETWEEN);
            Eventually.until(SOON, () -> calls.get() >= after);
            Kill.values()[random.nextInt(Kill.values().length)].end(victim);
            kills++;
        }
        for (List<Member> tree : trees) {
            tree.get(0).context.shutdown();
        }
        for (Member member : members) {
            member.context.gone().get(SOON.toMillis(), TimeUnit.MILLISECONDS);
        }
        isOver.set(true);
        for (Thread caller : callers) {
            caller.join(2 * SOON.toMillis());
            assertTrue(!caller.isAlive(), () -> caller.getName() + " hangs, seed " + seed);
        }
        processes.check(SOON);
    }

    /** Starts trees of four: one below the master, one below that, and two leaves. The first of each is its top. */
    private static List<List<Member>> grow(MasterRouter router, int firstTree) {
        List<CompletableFuture<Context>> tops = new ArrayList<>();
        List<CompletableFuture<Context>> middles = new ArrayList<>();
        List<CompletableFuture<Context>> leaves = new ArrayList<>();
        for (int i = 0; i < TREES_AT_ONCE; i++) {
            tops.add(router.connectAsync(SMALL));
        }
        for (int i = 0; i < TREES_AT_ONCE; i++) {
            Local method = isPython(firstTree + i) ? Local.create().python() : SMALL;
            middles.add(router.connectAsync(method.via(tops.get(i).join())));
        }
        for (int i = 0; i < 2 * TREES_AT_ONCE; i++) {
            leaves.add(router.connectAsync(SMALL.via(middles.get(i / 2).join())));
        }
        List<List<Member>> trees = new ArrayList<>();
        for (int i = 0; i < TREES_AT_ONCE; i++) {
            Context middle = middles.get(i).join();
            trees.add(List.of(
                    Member.jvm(tops.get(i).join(), 1),
                    isPython(firstTree + i) ? Member.python(middle, 2) : Member.jvm(middle, 2),
                    Member.jvm(leaves.get(2 * i).join(), 3),
                    Member.jvm(leaves.get(2 * i + 1).join(), 3)));
        }
        return trees;
    }

    private static boolean isPython(int tree) {
        return tree % PYTHON_EVERY == 0;
    }

    /** Returns the victims: three or four in each tree, the deepest first, so that each still lives; trees take turns. */
    private List<Member> victims(List<List<Member>> trees, int firstTree) {
        List<Member> victims = new ArrayList<>();
        for (int i = 0; i < trees.size(); i++) {
            int tree = firstTree + i;
            List<Member> chosen = new ArrayList<>(trees.get(i));
            Collections.shuffle(chosen, random);
            int count = (tree + 1) * KILLS / TREES - tree * KILLS / TREES;
            victims.addAll(chosen.subList(0, count));
        }
        Collections.shuffle(victims, random);
        victims.sort(Comparator.comparingInt(victim -> -victim.depth));
        return victims;
    }

    private void callUntil(AtomicBoolean isOver, List<Member> members, Random own) {
        Set<Member> lostOnes = new HashSet<>();
        while (!isOver.get()) {
            Member member = members.get(own.nextInt(members.size()));
            if (lostOnes.contains(member) && own.nextInt(8) > 0) {
                continue; // most calls go where somebody may live
            }
            if (!callOnce(member, own)) {
                lostOnes.add(member);
            }
        }
    }

    /** Makes a call and checks how it ends; returns whether it had a value. */
    private boolean callOnce(Member member, Random own) {
        int one = own.nextInt(1000);
        int two = own.nextInt(1000);
        String what = one + " and " + two + " in " + member;
        try {
            CompletableFuture<Integer> call = start(member, one, two, own.nextInt(3));
            int value = call.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
            if (value != one + two) {
                wrong.add(what + ": " + value);
            }
            return true;
        } catch (ExecutionException e) {
            onFailure(what, e.getCause());
        } catch (TimeoutException e) {
            wrong.add(what + ": hangs");
        } catch (InterruptedException | RuntimeException e) {
            onFailure(what, e);
        } finally {
            calls.incrementAndGet();
        }
        return false;
    }

    private static CompletableFuture<Integer> start(Member member, int one, int two, int kind) {
        if (member.isPython) {
            return member.context.callAsync(PYTHON_SUM, one, two);
        }
        return switch (kind) {
            case 0 -> member.context.callAsync(Work::sum, one, two);
            case 1 -> member.context.callAsync(Work::sumSlowly, one, two);
            default -> member.context.callAsync(Work::length, new byte[one + two]);
        };
    }

    private void onFailure(String what, Throwable failure) {
        lost.incrementAndGet();
        if (!(failure instanceof ContextGoneException)) {
            wrong.add(what + ": " + failure);
        }
    }
}
