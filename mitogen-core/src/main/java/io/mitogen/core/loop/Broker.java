// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.AnyThread;
import io.mitogen.core.BrokerThread;
import io.mitogen.core.Log;
import io.mitogen.core.LogSink;
import io.mitogen.core.Nullable;
import io.mitogen.core.buffer.BufferPool;
import io.mitogen.core.concurrent.Clock;
import io.mitogen.core.concurrent.Signal;
import io.mitogen.core.concurrent.Threads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The loop that waits for bytes and timers and serves every stream of its routers.
 *
 * <p>Several routers may share a broker; several brokers may live in one process. The thread is a daemon: a broker that
 * nobody closed keeps no JVM alive, and its children die because their link ends. {@link #close} ends it in order.
 */
public final class Broker implements AutoCloseable {
    /*
     * A turn is a lock. The broker thread takes it for each of its turns and releases it while it waits in the poller; a
     * pump thread, which reads a stream that cannot be selected, borrows it for the bytes it read. So "on the broker
     * thread" means "holding the turn": all state of streams, routers and timers has one owner at a time, and a context
     * whose only link is pumped (every leaf) handles a message on the thread that read it, without another wake-up.
     *
     * defer() is the one door for other threads. `sleeping` is true only while the broker thread is about to wait or
     * waits: the first defer of a sleep flips it and pays for one wake-up, the others just add to the queue. The thread
     * checks the queue once more after it set the flag, so a task that was added before the flag was visible is seen.
     * The flag is set inside the turn in which the wait was computed: a pump thread that takes the turn next, and makes
     * an earlier timer or ends the last member there, finds it set.
     *
     * The end has to work on a full heap (docs/decisions/0021): fail() and shutdown() only set fields and wake the thread,
     * and the thread notifies in rounds (BrokerEnd). Members, listeners and tasks that failed for lack of memory keep their place and
     * are notified again in a later round.
     */
    private enum State {
        RUNNING,
        SHUTTING_DOWN,
        CLOSED
    }

    private static final long FOREVER_NS = Long.MAX_VALUE;

    /** Half of what a pipe of Linux holds, so that its writer is woken while the other half is still to be read (docs/performance.md). */
    static final int RECEIVE_BYTES = 32 * 1024;

    private static final int CHUNK_BYTES = 32 * 1024;
    private static final int KEPT_CHUNKS = 64;
    private static final int DEFERRED_A_TURN = 1_000;

    /** Margin of {@link #close} beyond the grace time. */
    private static final long JOIN_MARGIN_MS = 3_000;

    /** How long {@link #close} waits for a broker that has ended, and only logs. */
    private static final long LOG_MS = 1_000;

    /** Interval at which {@link #close} checks for the end. */
    private static final long JOIN_SLICE_MS = 100;

    /** Start of the end reason of a broker that broke. */
    static final String DIED = "Broker has exitted: its thread died of ";

    /** End reason of a broker that died of a full heap, where no other text can be made. */
    public static final String OUT_OF_MEMORY = DIED + "java.lang.OutOfMemoryError";

    private static final String BROKE = DIED + "an error";

    /** Longest way of a timer into the future, so that any two instants compare by difference: 146 years. */
    private static final long MAX_DELAY_NS = Long.MAX_VALUE / 2;

    private final Clock clock;
    private final Log log;
    private final long graceNs;
    private final BufferPool pool = new BufferPool(CHUNK_BYTES, KEPT_CHUNKS);
    private final ReentrantLock turn = new ReentrantLock();
    private final ConcurrentLinkedQueue<Runnable> deferred = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean sleeping = new AtomicBoolean();
    private final Signal<BrokerListener> listeners = new Signal<>();
    private final TimerQueue timers = new TimerQueue(); // inside turns
    private final ArrayList<BrokerMember> members = new ArrayList<>(); // inside turns
    private final ArrayList<TransmitSide> toFlush = new ArrayList<>(); // inside turns
    private final Thread thread;
    private final Threads threads = new Threads();
    private final BrokerEnd end = new BrokerEnd(this, members);
    private @Nullable ByteBuffer receiveBuffer; // inside turns
    private @Nullable Runnable running; // inside turns: the deferred task that has not returned yet
    private boolean finished; // broker thread
    private volatile boolean shutdownAsked;
    private volatile @Nullable Throwable failure;
    private volatile Poller poller;
    private volatile State state = State.RUNNING;
    private volatile String endReason = "Broker has exitted";

    /** Makes a broker whose turns somebody else drives; {@link #start} gives it its thread. Null parks that thread. */
    Broker(String name, long graceNs, Clock clock, LogSink sink, @Nullable Poller poller) {
        this.clock = clock;
        this.log = new Log("mitogen.broker", sink);
        this.graceNs = graceNs;
        this.thread = Threads.daemon(name, new Runnable() {
            @Override
            public void run() {
                loop();
            }
        });
        this.poller = poller == null ? new ParkingPoller(thread) : poller;
    }

    /**
     * Starts a broker.
     *
     * @param name of its thread, after the prefix {@code mitogen.}
     * @param graceMs how long an ordered shutdown waits for its members, in milliseconds
     * @param sink where the broker reports what goes wrong
     */
    public static Broker start(String name, long graceMs, LogSink sink) {
        long graceNs = Math.min(graceMs, MAX_DELAY_NS / 1_000_000) * 1_000_000;
        Broker broker = new Broker(name, graceNs, Clock.SYSTEM, sink, null);
        broker.thread.start();
        return broker;
    }

    // == Any thread ==

    /**
     * Runs {@code task} inside a turn: at once when called inside one, else soon, in the order of the calls.
     *
     * @throws BrokerClosedException when the broker has ended, or ends before the task is run
     */
    @AnyThread
    public void defer(Runnable task) {
        if (!tryDefer(task)) {
            throw new BrokerClosedException("cannot run anything on an ended broker: " + endReason);
        }
    }

    /** Runs {@code task} on the calling thread, inside a turn of its own. Whatever it throws is thrown. */
    @AnyThread
    public void runInTurn(Runnable task) {
        beginTurn();
        try {
            task.run();
        } finally {
            endTurn();
        }
    }

    /** As {@link #defer}, but returns false, with the task not run, when the broker has ended. */
    @AnyThread
    public boolean tryDefer(Runnable task) {
        if (inTurn()) {
            task.run();
            return true;
        }
        if (state == State.CLOSED) {
            return false;
        }
        deferred.add(task);
        wakeIfSleeping();
        // terminate() sets CLOSED, then runs what is queued: a task still queued after that was added too late
        return state != State.CLOSED || !deferred.remove(task);
    }

    private void wakeIfSleeping() {
        if (sleeping.compareAndSet(true, false)) {
            poller.wakeup();
        }
    }

    /**
     * Runs {@code task} inside a turn, {@code delayNs} from now; never, when the broker ends before.
     *
     * @throws BrokerClosedException when the broker has ended already and this is not called by what its end calls
     */
    @AnyThread
    public Timer after(long delayNs, Runnable task) {
        Timer timer = new Timer(clock.nanoTime() + Math.min(delayNs, MAX_DELAY_NS), task);
        defer(() -> {
            timers.add(timer);
            wakeIfSleeping();
        });
        return timer;
    }

    /** Tells whether the caller holds the turn, and so must not wait for anything that a turn brings about. */
    @AnyThread
    public boolean inTurn() {
        return turn.isHeldByCurrentThread();
    }

    /** Fails fast when code that belongs into a turn runs outside of one. */
    @AnyThread
    public void checkInTurn() {
        if (!turn.isHeldByCurrentThread()) {
            throw new IllegalStateException(
                    "on thread " + Thread.currentThread().getName() + ", outside a turn of the broker");
        }
    }

    public Log log() {
        return log;
    }

    public Clock clock() {
        return clock;
    }

    /** Returns how long an ordered shutdown waits, in nanoseconds. */
    public long graceNs() {
        return graceNs;
    }

    public BufferPool pool() {
        return pool;
    }

    public Signal<BrokerListener> listeners() {
        return listeners;
    }

    /** Tells whether the broker has ended, or ends right now: nothing is run any more, and nobody is told of its end. */
    @AnyThread
    public boolean isClosed() {
        return state == State.CLOSED;
    }

    /** Tells why the broker ended, or will say it has. */
    public String endReason() {
        return endReason;
    }

    /** Begins an ordered shutdown and returns. Idempotent. Outside of turns it allocates nothing. */
    @AnyThread
    public void shutdown() {
        if (inTurn()) {
            onShutdown();
        } else {
            shutdownAsked = true;
            wakeIfSleeping();
        }
    }

    /**
     * Shuts down in order and waits at most for the grace time. Then the remaining members are closed by force, and this waits for
     * three seconds more. Also waits for the end of a broker that died. When called inside a turn it does not wait. In a master it
     * then waits for the threads that serve the broker, two seconds at most, unless it was called on one of them, and logs which have
     * not ended by then.
     */
    @Override
    public void close() {
        shutdown();
        if (inTurn() || Thread.currentThread() == thread) {
            return;
        }
        boolean interrupted = false;
        long untilNs = clock.nanoTime() + graceNs + JOIN_MARGIN_MS * 1_000_000;
        boolean isLimited = false;
        while (thread.isAlive() && untilNs - clock.nanoTime() > 0) {
            if (end.isOver() && !isLimited) {
                isLimited = true;
                untilNs = clock.nanoTime() + LOG_MS * 1_000_000;
            }
            try {
                thread.join(Math.max(1, Math.min(JOIN_SLICE_MS, (untilNs - clock.nanoTime()) / 1_000_000)));
            } catch (InterruptedException expected) { // the children must not outlive an interrupted caller
                interrupted = true;
            }
        }
        if (threads.watch() instanceof Runnable) {
            ((Runnable) threads.watch()).run();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the broker's thread, alive until it has ended. */
    public Thread thread() {
        return thread;
    }

    /** Returns who hears of every other thread that serves this broker. */
    public Threads threads() {
        return threads;
    }

    // == Turns ==

    /** Takes the turn for the calling thread, which must give it back with {@link #endTurn} soon. */
    void beginTurn() {
        turn.lock();
    }

    /** Sends what the turn queued and gives the turn back. */
    void endTurn() {
        try {
            if (turn.getHoldCount() == 1) {
                flush();
            }
        } finally {
            turn.unlock();
        }
    }

    private void flush() {
        int flushed = 0;
        try {
            while (flushed < toFlush.size()) { // a flush that fails may add to the list
                toFlush.get(flushed++).flush();
            }
        } finally {
            if (flushed == toFlush.size()) {
                toFlush.clear();
            } else { // one broke off with an error: the others wait for the next turn
                toFlush.subList(0, flushed).clear();
                wakeIfSleeping();
            }
        }
    }

    @BrokerThread
    void flushAtEndOfTurn(TransmitSide side) {
        toFlush.add(side);
    }

    /**
     * Runs one turn of the broker thread: deferred work, ready channels, timers that were due before these were looked at. So
     * no timer says that nothing has come while it lies there unread, however late this thread is. Waits for at most
     * {@code maxWaitNs} when there is nothing to do. Returns the work done; 0 means idle.
     */
    int turn(long maxWaitNs) throws IOException {
        int work;
        long waitNs;
        long nowNs;
        boolean asked = shutdownAsked; // read first: tasks deferred before shutdown() run before it
        beginTurn();
        try {
            work = runDeferred();
            if (asked && state == State.RUNNING) {
                onShutdown();
                work++;
            }
            flush();
            finished = isFinished();
            nowNs = clock.nanoTime();
            waitNs = work > 0 || finished ? 0 : Math.min(maxWaitNs, timers.nanosToNext(nowNs));
            sleeping.set(waitNs > 0);
        } finally {
            endTurn();
        }
        if (finished) {
            return work;
        }
        poller.poll(deferred.isEmpty() && asked == shutdownAsked ? waitNs : 0);
        sleeping.set(false);
        beginTurn();
        try {
            return work + poller.dispatch() + fireTimers(nowNs);
        } finally {
            endTurn();
        }
    }

    /** Runs what is deferred, but not for ever while others defer more: channels and timers have their turn, too. */
    private int runDeferred() {
        int count = 0;
        while (count < DEFERRED_A_TURN && nextTask()) {
            runGuarded(running);
            running = null;
            count++;
        }
        return count;
    }

    /** Takes the next task from the queue. One that broke its turn stays next: it may be the notice on which a caller waits. */
    private boolean nextTask() {
        if (running == null) {
            running = deferred.poll();
        }
        return running != null;
    }

    /** Returns the next deferred task, the same one until {@link #onTaskOver}; null when there is none. */
    @BrokerThread
    @Nullable
    Runnable nextDeferred() {
        return nextTask() ? running : null;
    }

    @BrokerThread
    void onTaskOver() {
        running = null;
    }

    private int fireTimers(long nowNs) {
        int count = 0;
        for (Timer timer = timers.pollDue(nowNs); timer != null; timer = timers.pollDue(nowNs)) {
            Runnable task = timer.task();
            if (task != null) { // another thread may have cancelled it just now
                runGuarded(task);
            }
            count++;
        }
        return count;
    }

    private void runGuarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("a task of the broker failed", e);
        }
    }

    private void loop() {
        try {
            while (!finished) {
                turn(FOREVER_NS);
                Thread.interrupted(); // nobody has a reason to interrupt this thread, and every wait would return at
                // once
            }
        } catch (Throwable e) {
            fail(e);
        }
        end.run();
    }

    @BrokerThread
    private boolean isFinished() {
        return state == State.SHUTTING_DOWN && members.isEmpty() && deferred.isEmpty() || state == State.CLOSED;
    }

    // == Members, shutdown ==

    /** Adds something that an ordered shutdown waits for. */
    @BrokerThread
    public void join(BrokerMember member) {
        checkInTurn();
        if (state != State.RUNNING) {
            throw new BrokerClosedException("the broker is shutting down");
        }
        members.add(member);
    }

    /** Removes what has ended. */
    @BrokerThread
    public void leave(BrokerMember member) {
        checkInTurn();
        members.remove(member);
        if (members.isEmpty() && state == State.SHUTTING_DOWN) {
            wakeIfSleeping();
        }
    }

    @BrokerThread
    private void onShutdown() {
        if (state != State.RUNNING) {
            return;
        }
        timers.add(new Timer(
                clock.nanoTime() + graceNs, this::onGraceOver)); // first: the limit must hold even if the rest fails
        state = State.SHUTTING_DOWN;
        for (BrokerListener listener : listeners.listeners()) {
            runGuarded(listener::onShutdown);
        }
        for (BrokerMember member : members.toArray(new BrokerMember[0])) {
            runGuarded(member::onShutdown);
        }
        wakeIfSleeping();
    }

    @BrokerThread
    private void onGraceOver() {
        if (!members.isEmpty()) {
            String left = members.toString();
            timers.add(new Timer(end.force(), this::onForceOver));
            end.endMembers("closed by force at the end of the shutdown's grace time");
            log.error("closed by force " + graceNs / 1_000_000 + " ms after shutdown began: " + left);
        }
    }

    @BrokerThread
    private void onForceOver() {
        state = State.CLOSED;
    }

    /**
     * Ends the broker because of an error; its thread notifies all members and listeners. Allocates nothing.
     *
     * @param cause the error that broke a turn, or kept a notice from being deferred on which a caller waits
     */
    @AnyThread
    void fail(Throwable cause) {
        if (state != State.CLOSED) {
            failure = cause;
            endReason = cause instanceof OutOfMemoryError ? OUT_OF_MEMORY : BROKE;
            state = State.CLOSED;
        }
        poller.wakeup();
    }

    /**
     * Ends everything; runs last. A listener that is added while it runs must check {@link #isClosed}. Returns false when a notice
     * failed for lack of memory, or a member is not gone yet: then it must be called again.
     */
    @BrokerThread
    boolean terminate() {
        state = State.CLOSED;
        return end.round();
    }

    /** Takes the turn if it is free. Allocates nothing. */
    boolean tryTurn() {
        return turn.tryLock();
    }

    /** Releases the turn that {@link #tryTurn} took, without a flush. */
    void leaveTurn() {
        turn.unlock();
    }

    /** Returns the error that the broker died of, null when it runs or ended in order. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    void endReason(String reason) {
        endReason = reason;
    }

    /** Flushes, best effort, and frees the poller. Called last. */
    @BrokerThread
    void finish() {
        flush();
        poller.close();
    }

    // == Polling ==

    /** Returns the poller that waits for channels, made when the first channel comes. */
    @BrokerThread
    SelectorPoller selector() throws IOException {
        checkInTurn();
        if (poller instanceof SelectorPoller) {
            return (SelectorPoller) poller;
        }
        SelectorPoller selecting = new SelectorPoller();
        Poller parked = poller;
        poller = selecting;
        parked.wakeup();
        selecting.wakeup(); // what changed before the swap may have woken the other one only
        return selecting;
    }

    /** Returns the one buffer into which the broker thread reads, empty; lent until the next call. */
    @BrokerThread
    ByteBuffer receiveBuffer() {
        if (receiveBuffer == null) {
            receiveBuffer = ByteBuffer.allocateDirect(RECEIVE_BYTES);
        }
        return receiveBuffer.clear();
    }
}
