// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.peer.Session;
import io.mitogen.testkit.conformance.peer.Starts;
import io.mitogen.testkit.conformance.peer.UnixSocket;
import io.mitogen.testkit.conformance.wire.Frame;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The kit as clients of a listener: one that all cases share, and as many more as a case wants. One thread. */
public final class ListenerStand implements Stand {
    private static final int UNREACHABLE = 997;

    private final Path path;
    private final Session session;
    private final Starts connections = new Starts("connection");
    private final Integer context;
    private final List<Closeable> own = new ArrayList<>();
    private Link shared; // null until a case wants it, and after it was lost

    /** @param context a context below the listener; null for none */
    public ListenerStand(Path path, Session session, Integer context) {
        this.path = path;
        this.session = session;
        this.context = context;
    }

    @Override
    public Session session() {
        return session;
    }

    @Override
    public Optional<String> hopeless() {
        return connections.hopeless();
    }

    private UnixSocket socket() throws Deviation, IOException {
        return connections.attempt(() -> UnixSocket.connect(path, session));
    }

    Path path() {
        return path;
    }

    /** Returns the context below the listener. */
    int context() throws NotApplicable {
        if (context == null) {
            throw new NotApplicable("no context below the listener was named with --context");
        }
        return context;
    }

    /** Returns a client that has survived all cases before this one. */
    Link link() throws Deviation, IOException {
        if (shared == null) {
            UnixSocket socket = socket();
            shared = joined(socket);
        }
        return shared;
    }

    /** Returns a client for this case alone. */
    Link fresh() throws Deviation, IOException {
        return joined(connect());
    }

    /** Returns a connection for this case alone, over which nothing was said yet. */
    UnixSocket connect() throws Deviation, IOException {
        UnixSocket socket = socket();
        own.add(socket);
        return socket;
    }

    private static Link joined(UnixSocket socket) throws Deviation, IOException {
        try {
            socket.hello();
            return socket.link(socket.welcome());
        } catch (Deviation e) {
            socket.close();
            throw e;
        }
    }

    static Frame ask(Link link, Frame frame) throws Deviation {
        link.send(frame);
        return link.awaitAnswer(frame.replyTo(), "an answer from handle " + frame.handle());
    }

    /** Has the listener answer, and with it everything that was sent to it before. */
    static void fence(Link link) throws Deviation {
        Check.dead(ask(link, link.frame(ParentStand.UNUSED, link.newHandle(), new byte[0])), Check.INVALID_HANDLE);
    }

    /** Sends frames to a client that has left, until the listener has noticed; returns what is answered then. */
    Frame awaitUnreachable(Link link, int id) throws Deviation {
        long deadline = System.nanoTime() + session.patience().toNanos();
        int mark = link.mark();
        do {
            link.send(link.frame(UNREACHABLE, link.newHandle(), new byte[0]).to(id));
            fence(link);
            for (Frame frame : link.since(mark)) {
                if (frame.isDead() && !frame.text().equals(Check.INVALID_HANDLE)) {
                    return frame;
                }
            }
        } while (deadline - System.nanoTime() > 0);
        throw new Deviation("a dead message for context " + id + ", which has left", "none");
    }

    /** Demands that the listener serves the client that it had, and new ones. */
    void checkAlive() throws Deviation, IOException {
        fence(link());
        fence(fresh());
    }

    @Override
    public boolean afterCase() throws IOException {
        closeOwn();
        if (shared == null) {
            return true;
        }
        try {
            fence(shared);
            return true;
        } catch (Deviation e) {
            discard();
            return false;
        }
    }

    private void closeOwn() throws IOException {
        for (Closeable each : own) {
            each.close();
        }
        own.clear();
    }

    @Override
    public void discard() throws IOException {
        Link link = shared;
        shared = null;
        if (link != null) {
            link.close();
        }
    }

    @Override
    public void close() throws IOException {
        closeOwn();
        discard();
    }
}
