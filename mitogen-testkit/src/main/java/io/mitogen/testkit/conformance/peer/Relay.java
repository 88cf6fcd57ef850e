// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * A context under test between the kit and the kit: above it the kit is its parent, below it all its children. Thread of the case.
 */
public final class Relay implements Closeable {
    private final Peer peer;
    private final StandIn standIn;
    private final Dialect dialect;
    private final Session session;
    private final Starts starts;
    private final List<Below> children = new ArrayList<>();

    /**
     * Makes {@code peer} a parent as soon as children are started; it ends with this.
     *
     * @param starts where to note whether children boot
     */
    public Relay(Peer peer, Starts starts) throws IOException {
        this.starts = starts;
        this.peer = peer;
        this.dialect = peer.target().dialect();
        this.session = peer.target().session();
        this.standIn = new StandIn(dialect.linkIn(), dialect.linkOut(), session.patience());
    }

    public Peer peer() {
        return peer;
    }

    /** Returns the link on which the kit is the parent. */
    public Link up() {
        return peer.link();
    }

    /** Has the context start a child, which is the kit; returns when the kit was told of its route. */
    public Below addChild() throws IOException, Deviation {
        return addChild(standIn.program());
    }

    /** As {@link #addChild}, with a process that outlives its link and ignores TERM. */
    public Below addStubbornChild() throws IOException, Deviation {
        return addChild(standIn.stubbornProgram());
    }

    private Below addChild(Path program) throws IOException, Deviation {
        int mark = up().mark();
        int outcome = begin(program);
        Below child = accept();
        up().await(
                        mark,
                        "ADD_ROUTE for the new child",
                        frame -> frame.handle() == Handle.ADD_ROUTE
                                && frame.text().startsWith(Integer.toUnsignedString(child.id()) + ":"));
        up().awaitAnswer(outcome, "the outcome of the connection");
        return child;
    }

    /** Has the context begin to start a child; returns the handle to which the outcome comes. */
    public int begin() throws Deviation {
        return begin(standIn.program());
    }

    private int begin(Path program) throws Deviation {
        return dialect.connect(up(), program.toString(), peer.wanted().unidirectional());
    }

    /** Waits for the process of the child, and boots as a child of that context does. */
    public Below accept() throws IOException, Deviation {
        return starts.attempt(this::acceptChild);
    }

    private Below acceptChild() throws IOException, Deviation {
        StandIn.Started started;
        try {
            started = standIn.accept();
        } catch (IOException e) {
            throw new Deviation(
                    "the context starts the program of its new child", e.getMessage() + "; " + up().told(0));
        }
        Socket socket = started.socket();
        Link.Streams streams = new Link.Streams(socket.getInputStream(), socket.getOutputStream());
        Told told;
        try {
            told = TimedRead.await("boot of a child", () -> dialect.boot(streams), session.startPatience());
        } catch (TimeoutException e) {
            socket.close();
            throw new Deviation("the context sends what its child boots from", "not all of it came in time");
        } catch (IOException e) {
            socket.close();
            throw new Deviation("the context sends what its child boots from", e.getMessage());
        }
        socket.setSoTimeout(0);
        Link link = new Link(
                "from context " + told.id(), told.id(), told.parentIds().get(0), streams, session);
        Below child = new Below(told, link.start(frame -> {}), socket, started.process());
        children.add(child);
        return child;
    }

    /** Returns the children started so far, in order; at least {@code count} of them. */
    public List<Below> children(int count) throws IOException, Deviation {
        while (children.size() < count) {
            addChild();
        }
        return List.copyOf(children);
    }

    @Override
    public void close() throws IOException {
        try {
            for (Below child : children) {
                child.close();
            }
        } finally {
            peer.close();
            standIn.close();
        }
    }
}
