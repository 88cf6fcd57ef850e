// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process and all that it has started. Descendants are killed before their ancestors: the other way round they are adopted by init, and nobody finds
 * them any more. Remembers each descendant it has seen, so that one whose parent has ended is still reached. No wait is without a limit. Any thread.
 */
final class ProcessTree {
    private static final int ROUNDS = 10;
    private static final long KILLED_MS = 2_000;
    private static final long POLL_MS = 20;

    private final ProcessHandle root;
    private final Set<ProcessHandle> seen = new LinkedHashSet<>(); // guarded by this

    ProcessTree(ProcessHandle root) {
        this.root = root;
    }

    /** Notes the descendants of now; returns whether there was one that is new. */
    synchronized boolean look() {
        boolean isNew = false;
        for (ProcessHandle each : List.copyOf(seen)) {
            isNew |= each.descendants().map(seen::add).reduce(false, Boolean::logicalOr);
        }
        return isNew | root.descendants().map(seen::add).reduce(false, Boolean::logicalOr);
    }

    private synchronized List<ProcessHandle> descendants() {
        return List.copyOf(seen);
    }

    /** Tells whether the root runs other processes, as a shell does that did not become its last command. */
    boolean hasDescendants() {
        look();
        return descendants().stream().anyMatch(ProcessTree::isRunning);
    }

    /** Waits until all have ended, for so long; returns whether they have. */
    boolean awaitEnd(long limitMs) {
        long deadline = System.nanoTime() + limitMs * 1_000_000;
        for (ProcessHandle running = running(); running != null; running = running()) {
            if (deadline - System.nanoTime() <= 0 || !awaitAMoment(running)) {
                return false;
            }
        }
        return true;
    }

    /** Returns one that runs; null when there is none. */
    private ProcessHandle running() {
        look();
        return isRunning(root)
                ? root
                : descendants().stream()
                        .filter(ProcessTree::isRunning)
                        .findFirst()
                        .orElse(null);
    }

    /** Kills all, descendants first, and waits a moment until they are gone. */
    void kill() {
        for (int round = 0; round < ROUNDS; round++) {
            boolean isNew = look();
            List<ProcessHandle> all = descendants();
            for (int i = all.size() - 1; i >= 0; i--) {
                all.get(i).destroyForcibly();
            }
            if (!isNew && round > 0) {
                break;
            }
        }
        root.destroyForcibly();
        awaitEnd(KILLED_MS);
    }

    /** Returns false when the thread was interrupted. */
    private static boolean awaitAMoment(ProcessHandle process) {
        try {
            process.onExit().get(POLL_MS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException expected) { // others may have ended, or it is a zombie
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A process that has ended and that nobody reaps does not run any more, though it is still listed. */
    private static boolean isRunning(ProcessHandle process) {
        return process.isAlive() && !isZombie(process.pid());
    }

    private static boolean isZombie(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            int behindName = stat.lastIndexOf(')') + 2;
            return behindName < stat.length() && stat.charAt(behindName) == 'Z';
        } catch (IOException | RuntimeException expected) { // another system, or gone meanwhile
            return false;
        }
    }
}
