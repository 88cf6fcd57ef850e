// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.PickleError;
import io.mitogen.testkit.conformance.wire.PickleIn;
import io.mitogen.testkit.conformance.wire.Repr;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The kit's end of a link with frames on it. Keeps all that came, in order; a case notes how many there were, does something and looks at what came
 * after that. A thread reads; cases send and wait on theirs.
 */
public final class Link implements Closeable {
    private static final int SHOWN = 6;

    private final String name;
    private final int ownId;
    private final int peerId;
    private final DataInputStream in;
    private final PatientOutput out;
    private final Duration patience;
    private final Transcript transcript;
    private final List<Frame> received = new ArrayList<>(); // guarded by this
    private Consumer<Frame> duties = frame -> {}; // guarded by this
    private String end; // guarded by this; null while frames may come
    private int nextHandle = Handle.FIRST_DYNAMIC; // thread of the case

    /**
     * @param name which link, for messages
     * @param ownId the context that the kit plays
     * @param peerId the context at the other end
     * @param session how long to wait, and where to note what is said
     */
    public Link(String name, int ownId, int peerId, Streams streams, Session session) {
        this.name = name;
        this.ownId = ownId;
        this.peerId = peerId;
        this.in = new DataInputStream(
                streams.in() instanceof BufferedInputStream ? streams.in() : new BufferedInputStream(streams.in()));
        this.out = new PatientOutput(name, streams.out(), session.patience());
        this.patience = session.patience();
        this.transcript = session.transcript();
    }

    /** Both directions of a link. */
    public record Streams(InputStream in, OutputStream out) {}

    /** Begins to read; {@code duties} sees every frame on the reading thread and may answer it. */
    public Link start(Consumer<Frame> newDuties) {
        duties(newDuties);
        Thread reader = new Thread(this::read, "conformance link " + name);
        reader.setDaemon(true);
        reader.start();
        return this;
    }

    /** Has somebody else see what comes from now on. */
    public synchronized void duties(Consumer<Frame> newDuties) {
        duties = newDuties;
    }

    private void read() {
        String why = "the other side closed the link";
        try {
            for (Frame frame = Frame.read(in); frame != null; frame = Frame.read(in)) {
                Consumer<Frame> answering;
                transcript.received(name, frame);
                synchronized (this) {
                    received.add(frame);
                    notifyAll();
                    answering = duties;
                }
                answering.accept(frame);
            }
        } catch (IOException | RuntimeException e) {
            why = "the link is of no more use: " + e.getMessage();
        }
        transcript.received(name, why);
        synchronized (this) {
            end = why;
            notifyAll();
        }
    }

    public int ownId() {
        return ownId;
    }

    public int peerId() {
        return peerId;
    }

    // == Sending ==

    /** Returns a number that nobody else uses for answers. */
    public int newHandle() {
        return nextHandle++;
    }

    /** Returns a frame of the kit's own for the other side. */
    public Frame frame(int handle, int replyTo, byte[] body) {
        return new Frame(Frame.MGC, peerId, ownId, ownId, handle, replyTo, body);
    }

    public void send(Frame... frames) throws Deviation {
        for (Frame frame : frames) {
            transcript.sent(name, frame);
            put(frame.toBytes());
        }
    }

    /** Writes bytes that may or may not be frames. */
    public void write(byte[] bytes) throws Deviation {
        transcript.sent(name, bytes);
        put(bytes);
    }

    private void put(byte[] bytes) throws Deviation {
        try {
            out.write(bytes);
        } catch (IOException e) {
            throw new Deviation("the other side reads what is sent", "writing to link " + name + " failed: " + e);
        }
    }

    /** Sends a call and returns the handle to which its answer comes. */
    public int call(Call call) throws Deviation {
        int handle = newHandle();
        send(frame(Handle.CALL_FUNCTION, handle, call.toBytes()));
        return handle;
    }

    // == Waiting ==

    /** Returns how many frames have come. */
    public synchronized int mark() {
        return received.size();
    }

    /** Returns what came after {@code mark}. */
    public synchronized List<Frame> since(int mark) {
        return new ArrayList<>(received.subList(mark, received.size()));
    }

    /** Waits for the first such frame after {@code mark}. */
    public Frame await(int mark, String expected, Predicate<Frame> wanted) throws Deviation {
        return await(mark, expected, wanted, Duration.ZERO);
    }

    /** As {@link #await(int, String, Predicate)}, for something that may take {@code allowance} by its rule. */
    public Frame await(int mark, String expected, Predicate<Frame> wanted, Duration allowance) throws Deviation {
        Duration limit = patience.plus(allowance);
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (this) {
            int at = mark;
            while (true) {
                for (; at < received.size(); at++) {
                    if (wanted.test(received.get(at))) {
                        return received.get(at);
                    }
                }
                if (end != null || !waitUntil(deadline)) {
                    throw new Deviation(
                            expected, told(mark) + (end == null ? " within " + seconds(limit) : "; " + end));
                }
            }
        }
    }

    /** Waits for the answer at {@code handle}, a dead message included. */
    public Frame awaitAnswer(int handle, String expected) throws Deviation {
        return await(0, expected, frame -> frame.handle() == handle && frame.dst() == ownId);
    }

    /** Calls and returns the value; a failure or a dead message is none. */
    public Object result(Call call) throws Deviation {
        return value(awaitAnswer(call(call), "an answer to the call of " + call.function()));
    }

    /** Returns the value in {@code frame}. */
    public static Object value(Frame frame) throws Deviation {
        if (frame.isDead()) {
            throw new Deviation("a value", frame.toString());
        }
        try {
            return PickleIn.read(frame.body());
        } catch (PickleError e) {
            throw new Deviation("a pickle", frame + ", which is none: " + e.getMessage());
        }
    }

    private static String seconds(Duration time) {
        return time.toMillis() / 1000.0 + " s";
    }

    /** Waits until the other side has closed the link. */
    public void awaitEnd(String expected) throws Deviation {
        awaitEnd(expected, Duration.ZERO);
    }

    /** As {@link #awaitEnd(String)}, for an end that may take {@code allowance} by its rule. */
    public void awaitEnd(String expected, Duration allowance) throws Deviation {
        Duration limit = patience.plus(allowance);
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (this) {
            while (end == null) {
                if (!waitUntil(deadline)) {
                    throw new Deviation(expected, "the link is still open after " + seconds(limit));
                }
            }
        }
    }

    /** Waits, without a limit, for such a frame, or until the other side has closed the link. */
    public synchronized void join(Predicate<Frame> last) throws InterruptedException {
        while (end == null && received.stream().noneMatch(last)) {
            wait();
        }
    }

    public synchronized boolean isOpen() {
        return end == null;
    }

    private boolean waitUntil(long deadline) throws Deviation {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        try {
            wait(left / 1_000_000 + 1);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Deviation("to wait to the end", "the kit was interrupted");
        }
    }

    /** Returns what came after {@code mark}, for people. */
    public String told(int mark) {
        List<Frame> frames = since(mark);
        if (frames.isEmpty()) {
            return "nothing came";
        }
        String shown = frames.stream().limit(SHOWN).map(Link::told).collect(Collectors.joining(" "));
        return shown + (frames.size() > SHOWN ? " and " + (frames.size() - SHOWN) + " more" : "");
    }

    private static String told(Frame frame) {
        if (frame.isDead() || frame.handle() < Handle.FIRST_DYNAMIC) {
            return Handle.isText(frame.handle()) ? frame + " " + Repr.brief(frame.text()) : frame.toString();
        }
        try {
            return frame + " " + Repr.brief(PickleIn.read(frame.body()));
        } catch (PickleError expected) { // what it is, the header has told
            return frame.toString();
        }
    }

    /** Closes this side of the link; what the other side says until it closes its own is still read. */
    @Override
    public void close() throws IOException {
        out.close();
    }
}
