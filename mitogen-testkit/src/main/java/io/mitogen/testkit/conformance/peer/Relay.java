// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A context under test between the kit and the kit: above it the kit is its parent, below it all its children. Thread of the case.
 */
public final class Relay implements Closeable {
    private final Peer peer;
    private final StandIn standIn;
    private final Dialect dialect;
    private final Duration patience;
    private final List<Below> children = new ArrayList<>();

    /** Makes {@code peer} a parent as soon as children are started; it ends with this. */
    public Relay(Peer peer, Duration patience) throws IOException {
        this.peer = peer;
        this.dialect = peer.target().dialect();
        this.patience = patience;
        this.standIn = new StandIn(dialect.redirections(), patience);
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
        int mark = up().mark();
        int outcome = begin();
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
        return dialect.connect(up(), standIn.program().toString(), peer.wanted().unidirectional());
    }

    /** Waits for the process of the child, and boots as a child of that context does. */
    public Below accept() throws IOException, Deviation {
        Socket socket;
        try {
            socket = standIn.accept();
        } catch (IOException e) {
            throw new Deviation(
                    "the context starts the program of its new child", e.getMessage() + "; " + up().told(0));
        }
        Link.Streams streams = new Link.Streams(socket.getInputStream(), socket.getOutputStream());
        Told told;
        try {
            told = dialect.boot(streams);
        } catch (IOException e) {
            socket.close();
            throw new Deviation("the context sends what its child boots from", e.getMessage());
        }
        socket.setSoTimeout(0);
        Link link = new Link(
                "from context " + told.id(), told.id(), told.parentIds().get(0), streams, patience);
        Below child = new Below(told, link.start(frame -> {}), socket);
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
        for (Below child : children) {
            child.close();
        }
        peer.close();
        standIn.close();
    }
}
