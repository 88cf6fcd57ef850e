// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import io.mitogen.testkit.conformance.peer.Below;
import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Handle;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.peer.Relay;
import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.Repr;
import io.mitogen.testkit.conformance.wire.Tuple;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;

/** What cases with a relay have in common. Any thread. */
final class Tree {
    /** A handle that nobody has. */
    static final int UNUSED = 4000;

    private Tree() {}

    static Frame text(Link from, int handle, String text) {
        return from.frame(handle, 0, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Has everything that {@code child} sent before be dealt with. */
    static void fence(Below child) throws Deviation {
        Link link = child.link();
        int handle = link.newHandle();
        link.send(link.frame(UNUSED, handle, new byte[0]));
        Check.dead(link.awaitAnswer(handle, "an answer to a child"), Check.INVALID_HANDLE);
    }

    /** Has everything that {@code child} sent upwards before arrive. */
    static void fenceUp(Relay relay, Below child) throws Deviation {
        deliver(
                child.link(),
                relay.up(),
                child.link().frame(UNUSED, 0, new byte[] {7}).to(relay.up().ownId()));
    }

    /** Has everything that was sent to {@code child} before arrive. */
    static void fenceDown(Relay relay, Below child) throws Deviation {
        deliver(
                relay.up(),
                child.link(),
                relay.up().frame(UNUSED, 0, new byte[] {7}).to(child.id()));
    }

    /** Sends a frame into one link and returns what comes out of another. */
    static Frame deliver(Link in, Link out, Frame frame) throws Deviation {
        return deliver(in, out, frame, Duration.ZERO);
    }

    /** As {@link #deliver(Link, Link, Frame)}, for a frame in whose place the context may do something that takes {@code allowance}. */
    static Frame deliver(Link in, Link out, Frame frame, Duration allowance) throws Deviation {
        int mark = out.mark();
        in.send(frame);
        return out.await(
                mark,
                frame + " comes through",
                seen -> seen.handle() == frame.handle() && seen.dst() == frame.dst() && seen.src() == frame.src(),
                allowance);
    }

    static Predicate<Frame> route(int handle, int id) {
        return frame ->
                frame.handle() == handle && frame.text().split(":", 2)[0].equals(Integer.toUnsignedString(id));
    }

    /** Has {@code child} announce {@code id}; returns the frame with which the context passes it on. */
    static Frame announce(Relay relay, Below child, int id, String name) throws Deviation, IOException {
        int mark = relay.up().mark();
        child.link().send(text(child.link(), Handle.ADD_ROUTE, id + ":" + name));
        return relay.up().await(mark, "ADD_ROUTE for " + id, route(Handle.ADD_ROUTE, id));
    }

    /** Returns an id that the master, which is the kit, gives to {@code child} for a context below it. */
    static int newId(Below child) throws Deviation {
        Link link = child.link();
        int handle = link.newHandle();
        link.send(link.frame(Handle.ALLOCATE_ID, handle, new byte[0]).to(0));
        Object block = Link.value(link.awaitAnswer(handle, "ids that a child asked the master for"));
        if (block instanceof Tuple tuple && tuple.size() == 2 && tuple.get(0) instanceof BigInteger first) {
            return first.intValue();
        }
        throw new Deviation("a block of ids, unchanged", Repr.brief(block));
    }

    /** Returns the answer to a frame from above, for {@code id}. */
    static Frame probe(Relay relay, int id) throws Deviation {
        Link up = relay.up();
        int handle = up.newHandle();
        up.send(up.frame(UNUSED, handle, new byte[0]).to(id));
        return up.awaitAnswer(handle, "an answer to a frame for " + id);
    }

    static String noRoute(Relay relay, int id) {
        return "no route to " + id + ", my ID is " + relay.up().peerId();
    }
}
