// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import io.mitogen.testkit.conformance.peer.Booting;
import io.mitogen.testkit.conformance.peer.Call;
import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Dialect;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.peer.Peer;
import io.mitogen.testkit.conformance.peer.Relay;
import io.mitogen.testkit.conformance.peer.Session;
import io.mitogen.testkit.conformance.peer.Starts;
import io.mitogen.testkit.conformance.peer.Target;
import io.mitogen.testkit.conformance.peer.Wanted;
import java.io.Closeable;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a case works on. Contexts that harmless cases share are kept until one of them has not survived; what a case starts for itself ends with the
 * case. One thread.
 */
public final class Bench implements Stand {
    private final Target target;
    private final Starts contexts = new Starts("context");
    private final Starts children = new Starts("child of a context");
    private final List<Closeable> own = new ArrayList<>();
    private Peer shared;
    private Relay sharedRelay;

    public Bench(Target target) {
        this.target = target;
    }

    public Target target() {
        return target;
    }

    public Dialect dialect() {
        return target.dialect();
    }

    private Peer start(Wanted wanted) throws IOException, Deviation {
        return contexts.attempt(() -> target.start(wanted));
    }

    @Override
    public Optional<String> hopeless() {
        return contexts.hopeless().or(children::hopeless);
    }

    @Override
    public Session session() {
        return target.session();
    }

    /** Returns a context that has survived all cases before this one. */
    public Peer peer() throws IOException, Deviation {
        if (shared == null) {
            shared = start(Wanted.DEFAULT);
        }
        return shared;
    }

    /** Returns the link to {@link #peer}, on which the kit is the parent. */
    public Link link() throws IOException, Deviation {
        return peer().link();
    }

    /** Starts a context for this case alone. */
    public Peer fresh(Wanted wanted) throws IOException, Deviation {
        Peer peer = start(wanted);
        own.add(peer);
        return peer;
    }

    /** Returns a context with children that has survived all cases before this one. */
    public Relay relay() throws IOException, Deviation {
        if (sharedRelay == null) {
            sharedRelay = new Relay(start(Wanted.DEFAULT), children);
        }
        return sharedRelay;
    }

    /** Starts a context for this case alone, which can be given children. */
    public Relay freshRelay(Wanted wanted) throws IOException, Deviation {
        Relay relay = new Relay(start(wanted), children);
        own.add(relay);
        return relay;
    }

    /** Starts a process for this case alone, which is not spoken with yet. */
    public Booting launch(Wanted wanted) throws IOException {
        Booting booting = target.launch(wanted);
        own.add(booting);
        return booting;
    }

    /** Has a context answer a call, and with it everything that was sent before: answers keep their order. */
    public void fence(Link link) throws Deviation {
        Object sum = link.result(dialect().add(20, 3));
        Check.equal("20 + 3", BigInteger.valueOf(23), sum);
    }

    public void fence() throws IOException, Deviation {
        fence(link());
    }

    /** Calls in the shared context. */
    public Object result(Call call) throws IOException, Deviation {
        return link().result(call);
    }

    /** Ends what the last case started; tells whether the shared context, if there is one, still answers. */
    @Override
    public boolean afterCase() throws IOException {
        closeOwn();
        try {
            if (shared != null) {
                fence(shared.link());
            }
            if (sharedRelay != null) {
                fence(sharedRelay.up());
            }
            return true;
        } catch (Deviation e) {
            discard();
            return false;
        }
    }

    /** Ends the shared contexts; the next case gets others. */
    @Override
    public void discard() throws IOException {
        Peer peer = shared;
        Relay relay = sharedRelay;
        shared = null;
        sharedRelay = null;
        if (peer != null) {
            peer.close();
        }
        if (relay != null) {
            relay.close();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            closeOwn();
        } finally {
            discard();
        }
    }

    /** Ends all that a case has started, also when one of them makes trouble. */
    private void closeOwn() throws IOException {
        IOException failure = null;
        for (Closeable each : own) {
            try {
                each.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        own.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
