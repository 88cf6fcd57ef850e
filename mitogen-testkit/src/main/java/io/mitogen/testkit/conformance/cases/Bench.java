// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import io.mitogen.testkit.conformance.peer.Booting;
import io.mitogen.testkit.conformance.peer.Call;
import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Dialect;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.peer.Peer;
import io.mitogen.testkit.conformance.peer.Relay;
import io.mitogen.testkit.conformance.peer.Target;
import io.mitogen.testkit.conformance.peer.Wanted;
import java.io.Closeable;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * What a case works on. Contexts that harmless cases share are kept until one of them has not survived; what a case starts for itself ends with the
 * case. One thread.
 */
public final class Bench implements Stand {
    private final Target target;
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

    /** Returns a context that has survived all cases before this one. */
    public Peer peer() throws IOException, Deviation {
        if (shared == null) {
            shared = target.start(Wanted.DEFAULT);
        }
        return shared;
    }

    /** Returns the link to {@link #peer}, on which the kit is the parent. */
    public Link link() throws IOException, Deviation {
        return peer().link();
    }

    /** Starts a context for this case alone. */
    public Peer fresh(Wanted wanted) throws IOException, Deviation {
        Peer peer = target.start(wanted);
        own.add(peer);
        return peer;
    }

    /** Returns a context with children that has survived all cases before this one. */
    public Relay relay() throws IOException, Deviation {
        if (sharedRelay == null) {
            sharedRelay = new Relay(target.start(Wanted.DEFAULT), target.patience());
        }
        return sharedRelay;
    }

    /** Starts a context for this case alone, which can be given children. */
    public Relay freshRelay(Wanted wanted) throws IOException, Deviation {
        Relay relay = new Relay(target.start(wanted), target.patience());
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
        for (Closeable each : own) {
            each.close();
        }
        own.clear();
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
        for (Closeable each : own) {
            each.close();
        }
        own.clear();
        discard();
    }
}
