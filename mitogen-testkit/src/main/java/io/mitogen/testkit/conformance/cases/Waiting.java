// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import io.mitogen.testkit.conformance.peer.Call;
import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Dialect;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.peer.Modules;
import io.mitogen.testkit.conformance.peer.Peer;
import io.mitogen.testkit.conformance.wire.Bytes;
import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.Repr;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A call in a context that waits for an answer of another one, which never comes. Thread of the case.
 *
 * @param handle the one to which the call is answered
 */
record Waiting(Peer peer, int handle) {
    private static final String REASON = "the respondent Context has disconnected";

    /**
     * Begins to wait for {@code respondent}.
     *
     * @param towards the link on which the context sends to it
     */
    static Waiting begin(Dialect dialect, Peer peer, int respondent, Link towards) throws Deviation, NotApplicable {
        Call call = dialect.waitFor(respondent);
        if (call == null) {
            throw new NotApplicable("it has no function that waits for another context");
        }
        byte[] module = Modules.found(dialect.servedName(), null, dialect.servedContent(), List.of());
        peer.duties().add(dialect.servedName(), module);
        int handle = peer.link().call(call);
        try {
            towards.await(
                    0,
                    "what is sent to context " + respondent,
                    frame -> frame.dst() == respondent && frame.replyTo() != 0 || isAnswer(frame, peer, handle));
        } catch (Deviation e) {
            checkFunction(peer, handle);
            throw e;
        }
        checkFunction(peer, handle);
        return new Waiting(peer, handle);
    }

    private static boolean isAnswer(Frame frame, Peer peer, int handle) {
        return frame.handle() == handle && frame.dst() == peer.link().ownId();
    }

    /** A function that has failed already is none that waits. */
    private static void checkFunction(Peer peer, int handle) throws NotApplicable, Deviation {
        for (Frame frame : peer.link().since(0)) {
            if (isAnswer(frame, peer, handle) && Check.isFailure(frame)) {
                throw new NotApplicable("its function that waits for another context fails: " + Check.failure(frame));
            }
        }
    }

    /** Demands that the waiting is over, and that the reason is the loss of the other context; returns the reason. */
    String awaitLoss() throws Deviation {
        Frame answer = peer.link().awaitAnswer(handle, "an answer when the context that it waits for is gone");
        Object value = Link.value(answer);
        String text = value instanceof Bytes bytes ? new String(bytes.array(), StandardCharsets.UTF_8) : Repr.of(value);
        Check.that(text.contains(REASON), "a reason: " + REASON, Repr.brief(value));
        return Repr.brief(value);
    }
}
