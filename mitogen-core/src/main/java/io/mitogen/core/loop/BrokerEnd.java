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
 * Tells everybody of the end of a broker, also on a full heap: in rounds, until nobody is left who found no memory. Whoever is told
 * is removed only then. The log comes last.
 */
@BrokerThread
final class BrokerEnd {
    /** How long members that were ended by force may take to be gone. */
    private static final long FORCE_NS = 2_000_000_000L;

    private static final int RESERVE_BLOCKS = 16;
    private static final int RESERVE_BLOCK_BYTES = 8 * 1024;
    private static final long ROUND_NS = 10_000_000;

    /** Rounds in which a task is tried that finds no memory: few, as it may need more than there ever is. */
    private static final int TASK_TRIES = 5;

    private final Broker broker;
    private final ArrayList<BrokerMember> members;

    /** Given back to the heap in the rounds, so that those who are told find room: half in the first, a block in each other. */
    private final byte[][] reserve = new byte[RESERVE_BLOCKS][RESERVE_BLOCK_BYTES];

    private int reserved = RESERVE_BLOCKS;
    private int taskTries;
    private boolean lacksMemory; // somebody could not be told in this round
    private long forcedUntilNs; // 0 before members are ended by force
    private volatile boolean isOver;

    /** @param members of the broker, which this changes */
    BrokerEnd(Broker broker, ArrayList<BrokerMember> members) {
        this.broker = broker;
        this.members = members;
    }

    /** Tells whether everybody knows, or had the time for it. Any thread. */
    boolean isOver() {
        return isOver;
    }

    /** Runs rounds until all have been told. On the broker thread, outside of turns. */
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

    /** Tells those who do not know yet. Returns whether nobody is left; members that need no memory but time have two seconds. */
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

    /** Returns until when members that are ended by force may take, in the time of the broker's clock. */
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
            // what was made beforehand says it, too
        }
    }

    /** Ends the members by force; those stay that are not gone yet, or found no memory. */
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

    /** Whatever somebody's end dies of, the others must hear of the end as well. Returns false when it is to be tried again. */
    private boolean isGivenUp(Throwable e) {
        if (e instanceof OutOfMemoryError) {
            lacksMemory = true;
            return false;
        }
        log("a task of the broker failed at its end", e);
        return true;
    }

    /** Best effort: a log must not keep the end from those who wait for it. */
    private void log(String text, @Nullable Throwable cause) {
        try {
            broker.log().log(Log.ERROR, cause == null ? text + members : text, cause);
        } catch (Throwable expected) {
            // no memory
        }
    }
}
