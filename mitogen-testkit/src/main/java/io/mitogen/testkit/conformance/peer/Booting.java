// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import io.mitogen.testkit.conformance.wire.Repr;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A child before its link has frames: it says lines, and gets what it boots from when one of them has {@code MITO000}. A thread reads lines until
 * one has {@code MITO002}, and not one byte more. Otherwise on the thread of the case.
 */
public final class Booting implements Closeable {
    /** What a context is given to end by itself, and what a process that is none yet. */
    private static final Duration GRACE = Duration.ofSeconds(6);

    private static final Duration SHORT_GRACE = Duration.ofSeconds(1);

    public static final String FIRST = "MITO000";
    public static final String SECOND = "MITO001";
    public static final String LAST = "MITO002";

    private final Target target;
    private final Wanted wanted;
    private final Running process;
    private final PatientOutput out;
    private final byte[] payload;
    private final Modules modules;
    private final Session session;
    private volatile boolean isFramed;
    private final List<String> lines = new ArrayList<>(); // guarded by this
    private boolean linesEnded; // guarded by this

    /** @param offer what the child is given */
    public Booting(Target target, Wanted wanted, Running process, Offer offer) {
        this.target = target;
        this.wanted = wanted;
        this.process = process;
        this.payload = offer.payload();
        this.modules = offer.modules();
        this.session = target.session();
        this.out = new PatientOutput("boot", process.out(), session.patience());
        session.processes().add("context " + wanted.id(), process);
        Thread reader = new Thread(this::readLines, "conformance boot");
        reader.setDaemon(true);
        reader.start();
    }

    /** What a child is given at the start and later. */
    public record Offer(byte[] payload, Modules modules) {}

    private void readLines() {
        boolean more = true;
        while (more) {
            String line = readLine(process.in());
            session.transcript().received(where(), line == null ? "its output ended" : "line " + Repr.brief(line));
            synchronized (this) {
                if (line != null) {
                    lines.add(line);
                }
                more = line != null && !line.contains(LAST);
                linesEnded = !more;
                notifyAll();
            }
        }
    }

    private static String readLine(InputStream in) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    return null;
                }
                line.write(b);
            }
        } catch (IOException expected) { // it is gone
            return null;
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** Waits for a line that has one of {@code markers} in it. */
    public void awaitLine(String... markers) throws Deviation {
        awaitLine(session.startPatience(), markers);
    }

    /** Tells whether such a line comes within a moment. */
    public boolean says(Duration moment, String... markers) {
        try {
            awaitLine(moment, markers);
            return true;
        } catch (Deviation expected) {
            return false;
        }
    }

    private void awaitLine(Duration limit, String... markers) throws Deviation {
        String marker = String.join(" or ", markers);
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (this) {
            while (lines.stream().noneMatch(line -> Arrays.stream(markers).anyMatch(line::contains))) {
                long left = deadline - System.nanoTime();
                if (linesEnded || left <= 0) {
                    throw new Deviation(
                            "a line with " + marker,
                            (linesEnded ? "its output ended" : "none within " + limit.toMillis() / 1000.0 + " s")
                                    + " after the lines " + lines + process.errors());
                }
                try {
                    wait(left / 1_000_000 + 1);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new Deviation("a line with " + marker, "the kit was interrupted");
                }
            }
        }
    }

    /** Returns the lines that came so far. */
    public synchronized List<String> lines() {
        return new ArrayList<>(lines);
    }

    /** Returns what the child boots from. */
    public byte[] payload() {
        return payload.clone();
    }

    private String where() {
        return "start of context " + wanted.id();
    }

    public void write(byte[] bytes) throws Deviation {
        session.transcript().sent(where(), bytes);
        try {
            out.write(bytes);
        } catch (IOException e) {
            throw new Deviation("the child reads what it boots from", "writing failed: " + e + process.errors());
        }
    }

    /** Writes the payload in pieces of so many bytes. */
    public void writeInPieces(int pieceBytes) throws Deviation {
        for (int at = 0; at < payload.length; at += pieceBytes) {
            write(Arrays.copyOfRange(payload, at, Math.min(payload.length, at + pieceBytes)));
        }
    }

    /** Closes the child's input. */
    public void closeInput() throws IOException {
        out.close();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    boolean isShell() {
        return process.isShell();
    }

    /** Waits for the end, as long as a context may take for it and the user has patience; returns the exit status. */
    public int awaitExit() throws Deviation {
        return process.awaitExit(session.patience().plus(Limits.END));
    }

    /** Does what is left to be done, waits for {@code MITO002} and returns the context. */
    public Peer finish() throws Deviation {
        awaitLine(FIRST, LAST);
        if (lines().stream().anyMatch(line -> line.contains(FIRST))) {
            write(payload);
        }
        return framed();
    }

    /** As {@link #finish}, when the payload is sent. */
    public Peer framed() throws Deviation {
        awaitLine(LAST);
        isFramed = true;
        session.processes().started();
        Link link = new Link(
                "to context " + wanted.id(),
                wanted.parentIds().get(0),
                wanted.id(),
                new Link.Streams(process.in(), process.out()),
                session);
        MasterDuties duties = new MasterDuties(link, modules);
        link.start(duties);
        return new Peer(target, wanted, link, duties, this);
    }

    void kill() throws Deviation {
        process.kill();
        process.awaitExit(session.patience());
    }

    @Override
    public void close() {
        if (!isFramed) {
            session.transcript().received("context " + wanted.id(), process.state() + process.errors());
        }
        process.stop(isFramed ? GRACE : SHORT_GRACE);
        session.processes().remove(process);
    }
}
