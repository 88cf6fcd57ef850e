// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.life;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.master.MasterRouter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Trees of contexts, and what is done to them. */
public final class Trees {
    /** Long enough for a machine that is busy with other things. */
    public static final Duration SOON = Duration.ofSeconds(20);

    private Trees() {}

    /** A context with its process and its place. */
    record Node(Context context, long pid, int parent) {}

    /** Starts a tree: {@code width} contexts, each with as many below it, {@code depth} levels; parents before children. */
    static List<Node> grow(MasterRouter router, int width, int depth) {
        List<Node> nodes = new ArrayList<>();
        List<CompletableFuture<Context>> level = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            level.add(router.connectAsync(Local.create()));
        }
        level.forEach(context -> add(nodes, context.join(), -1));
        int begin = 0;
        for (int d = 1; d < depth; d++) {
            int end = nodes.size();
            List<CompletableFuture<Context>> next = new ArrayList<>();
            for (int parent = begin; parent < end; parent++) {
                for (int i = 0; i < width; i++) {
                    next.add(router.connectAsync(
                            Local.create().via(nodes.get(parent).context())));
                }
            }
            for (int i = 0; i < next.size(); i++) {
                add(nodes, next.get(i).join(), begin + i / width);
            }
            begin = end;
        }
        return nodes;
    }

    private static void add(List<Node> nodes, Context context, int parent) {
        nodes.add(new Node(context, context.call(Acts::pid), parent));
    }

    /** Tells whether {@code node} is {@code ancestor} or lives below it. */
    static boolean isBelow(List<Node> nodes, int node, int ancestor) {
        for (int at = node; at >= 0; at = nodes.get(at).parent()) {
            if (at == ancestor) {
                return true;
            }
        }
        return false;
    }

    /** Sends a signal to a process, or to the group of {@code -pid}. */
    public static void signal(String signal, long pid) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + pid)
                .inheritIO()
                .start();
        assertEquals(0, kill.waitFor(), () -> "kill -" + signal + " " + pid);
    }

    /** Returns why the call failed; fails when it has a value, or does not end in time. */
    public static Throwable failureOf(CompletableFuture<?> call) throws InterruptedException, TimeoutException {
        try {
            Object value = call.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
            throw new AssertionError("the call returned " + value);
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }
}
