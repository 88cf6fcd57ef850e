// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.Log;
import io.mitogen.core.Nullable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Notifies members, listeners and deferred tasks of the end of a broker, also on a full heap: in rounds, until no notice fails for
 * lack of memory. Each is removed after its notice. The log comes last.
 */
@BrokerThread
final class BrokerEnd {
    /** How long the end waits for members that were ended by force. */
    private static final long FORCE_NS = 2_000_000_000L;

    private static final int RESERVE_BLOCKS = 16;
    private static final int RESERVE_BLOCK_BYTES = 8 * 1024;
    private static final long ROUND_NS = 10_000_000;

    /** Tries of a task that finds no memory: few, as it may need more than there ever is. */
    private static final int TASK_TRIES = 5;

    private final Broker broker;
    private final ArrayList<BrokerMember> members;

    /** Given back to the heap, as room for the notices: half in the first round, one block in each later one. */
    private final byte[][] reserve = new byte[RESERVE_BLOCKS][RESERVE_BLOCK_BYTES];

    private int reserved = RESERVE_BLOCKS;
    private int taskTries;
    private boolean lacksMemory; // a notice failed in this round
    private long forcedUntilNs; // 0 before members are ended by force
    private volatile boolean isOver;

    /** @param members the broker's list, from which this removes */
    BrokerEnd(Broker broker, ArrayList<BrokerMember> members) {
        this.broker = broker;
        this.members = members;
    }

    /** Tells whether all notices are done, or had their time. Any thread. */
    boolean isOver() {
        return isOver;
    }

    /** Runs rounds until all notices are done. On the broker thread, outside of turns. */
    void run() {
        while (!inTurn()) {
            pause();
        }
    }

    private boolean inTurn() {
        while (!broker.tryTurn()) {
            pause();
        }
        try {
            return broker.terminate();
        } finally {
            broker.leaveTurn();
        }
    }

    private static void pause() {
        LockSupport.parkNanos(ROUND_NS);
        Thread.interrupted(); // or the next would not wait
    }

    /** Runs one round. Returns whether it was the last. Members that need time, not memory, have two seconds. */
    boolean round() {
        boolean isFirst = reserved == RESERVE_BLOCKS;
        int kept = isFirst ? RESERVE_BLOCKS / 2 : Math.max(0, reserved - 1);
        Arrays.fill(reserve, kept, reserved, null);
        reserved = kept;
        lacksMemory = false;
        force();
        Throwable failure = broker.failure();
        if (isFirst && failure != null) {
            explain(failure);
        }
        endMembers(broker.endReason());
        tellListeners(broker.endReason());
        runTasks();
        if (!members.isEmpty()) {
            if (lacksMemory || force() - broker.clock().nanoTime() > 0) {
                return false;
            }
            log("the broker ends, but these do not: ", null);
        }
        return !lacksMemory && finish();
    }

    /** Returns the deadline of members that are ended by force, on the broker's clock; the first call sets it. */
    long force() {
        if (forcedUntilNs == 0) {
            forcedUntilNs = broker.clock().nanoTime() + FORCE_NS | 1;
        }
        return forcedUntilNs;
    }

    private void explain(Throwable cause) {
        try {
            broker.endReason(Broker.DIED + cause);
        } catch (Throwable expected) {
            // the constant reason stays
        }
    }

    /** Ends the members by force. Keeps those that are not gone yet, or found no memory. */
    void endMembers(String reason) {
        for (int i = 0; i < members.size(); ) {
            BrokerMember member = members.get(i);
            if (isEnded(member, reason)) {
                members.remove(member);
            } else {
                i++;
            }
        }
    }

    private boolean isEnded(BrokerMember member, String reason) {
        try {
            member.onForcedEnd(reason);
            return member.isGone();
        } catch (Throwable e) {
            return isGivenUp(e);
        }
    }

    private void tellListeners(String reason) {
        List<BrokerListener> untold = broker.listeners().listeners();
        for (int i = 0; i < untold.size(); i++) {
            boolean isTold = false;
            try {
                untold.get(i).onExit(reason);
                isTold = true;
                broker.listeners().remove(untold.get(i));
            } catch (Throwable e) {
                if (!isTold && isGivenUp(e)) {
                    broker.listeners().remove(untold.get(i));
                }
            }
        }
    }

    private void runTasks() {
        for (Runnable task = broker.nextDeferred(); task != null; task = broker.nextDeferred()) {
            try {
                task.run();
            } catch (Throwable e) {
                if (!isGivenUp(e) && ++taskTries < TASK_TRIES) {
                    return;
                }
            }
            taskTries = 0;
            broker.onTaskOver();
        }
    }

    private boolean finish() {
        try {
            broker.finish();
        } catch (Throwable e) {
            if (!isGivenUp(e)) {
                return false;
            }
        }
        Arrays.fill(reserve, null);
        isOver = true;
        Throwable failure = broker.failure();
        if (failure != null) {
            log("the broker died", failure);
        }
        return true;
    }

    /** Logs a notice that failed, so that the others still follow. Returns false when it must be tried again. */
    private boolean isGivenUp(Throwable e) {
        if (e instanceof OutOfMemoryError) {
            lacksMemory = true;
            return false;
        }
        log("a task of the broker failed at its end", e);
        return true;
    }

    /** Logs, best effort: a log must not hold up the end. */
    private void log(String text, @Nullable Throwable cause) {
        try {
            broker.log().log(Log.ERROR, cause == null ? text + members : text, cause);
        } catch (Throwable expected) {
            // no memory
        }
    }
}
