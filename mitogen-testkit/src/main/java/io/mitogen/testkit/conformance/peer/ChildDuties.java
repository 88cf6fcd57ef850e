// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.Global;
import io.mitogen.testkit.conformance.wire.Made;
import io.mitogen.testkit.conformance.wire.PickleOut;
import io.mitogen.testkit.conformance.wire.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What the kit does for its parent without being asked by a case: whoever calls it, whatever function that is, waits until the cases are over and is
 * told then how they went. Reading thread of the link, and that of the cases.
 */
public final class ChildDuties implements Consumer<Frame> {
    private final List<Frame> waiting = new ArrayList<>(); // guarded by this
    private Link link; // guarded by this
    private Object result; // guarded by this; null while cases run

    @Override
    public synchronized void accept(Frame frame) {
        if (frame.isDead() || frame.replyTo() == 0 || frame.dst() != link.ownId() || frame.src() == link.ownId()) {
            return;
        }
        if (frame.handle() == Handle.CALL_FUNCTION) {
            waiting.add(frame);
            answerWaiting();
        } else if (frame.handle() < Handle.FIRST_DYNAMIC) {
            byte[] reason = "invalid handle".getBytes(StandardCharsets.US_ASCII);
            send(link.frame(frame.replyTo(), Frame.DEAD, reason).to(frame.src()));
        }
    }

    private void answerWaiting() {
        if (result != null) {
            waiting.forEach(call -> send(
                    link.frame(call.replyTo(), 0, PickleOut.toBytes(result)).to(call.src())));
            waiting.clear();
        }
    }

    private void send(Frame frame) {
        try {
            link.send(frame);
        } catch (Deviation expected) { // the link is gone, and with it who waits
            return;
        }
    }

    /** Sets the link, before any frame comes. */
    synchronized void link(Link newLink) {
        link = newLink;
    }

    /** Answers all calls, those that wait and those to come. */
    public synchronized void tell(boolean isGood, String summary) {
        result = isGood ? summary : new Made(Global.CALL_ERROR, Tuple.of("conformance.Failed: " + summary));
        answerWaiting();
    }
}
