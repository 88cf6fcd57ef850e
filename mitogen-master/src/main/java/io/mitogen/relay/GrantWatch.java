// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.relay;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.Nullable;
import io.mitogen.core.buffer.Writable;
import io.mitogen.core.pickle.Globals;
import io.mitogen.core.pickle.PickleException;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.core.route.ForwardFilter;
import io.mitogen.core.route.Identity;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.Router;
import io.mitogen.core.wire.Frame;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Learns in a relay which ids the master grants to contexts below: their requests pass through on the way up, and the answers on
 * the way down. Limits the requests of each link, as the master does.
 */
@BrokerThread
public final class GrantWatch extends GrantedIds implements ForwardFilter {
    /*
     * A request goes up with a random reply handle, and the answer goes down with the original one. No context below sees the random
     * handle. So no other message of the master, as a program's pair of numbers for a mailbox below, can pass for a grant.
     */

    /** Longest body of a grant, in bytes: two numbers. */
    private static final int MAX_GRANT_BYTES = 200;

    private final Map<Integer, Long> pending = new HashMap<>(); // sender and its reply handle, by the random one
    private @Nullable SecureRandom random; // made on first use: that takes time

    /** Watches the frames that {@code router} forwards from now on. Made before it has children. */
    public GrantWatch(Router router) {
        super(router);
        router.forwardFilter(this);
    }

    @Override
    public @Nullable Writable onForward(Frame frame, Link in) {
        if (in != router.parent()) {
            return frame.handle() == Handles.ALLOCATE_ID && frame.dst() == Identity.MASTER
                    ? onRequest(frame, in)
                    : frame;
        }
        // not only from the master: a relay on the way may send a dead message
        return pending.isEmpty() ? frame : onAnswer(frame);
    }

    private @Nullable Writable onRequest(Frame frame, Link in) {
        if (!isRequestAllowed(in)) {
            String reason = "no context ids are left for context " + Integer.toUnsignedString(frame.src());
            if (frame.wantsReply()) {
                router.answer(in, Message.dead(frame.src(), frame.replyTo(), reason));
            }
            return null;
        }
        if (!frame.wantsReply()) {
            return frame;
        }
        int handle = newHandle();
        pending.put(handle, (long) frame.src() << 32 | Integer.toUnsignedLong(frame.replyTo()));
        return Message.empty(Identity.MASTER, Handles.ALLOCATE_ID, handle).from(frame.src(), frame.auth());
    }

    private int newHandle() {
        if (random == null) {
            random = new SecureRandom();
        }
        int handle;
        do {
            handle = random.nextInt();
        } while (Integer.compareUnsigned(handle, Handles.FIRST_DYNAMIC) < 0 || pending.containsKey(handle));
        return handle;
    }

    private Writable onAnswer(Frame frame) {
        Long asked = pending.get(frame.handle());
        if (asked == null || from(asked) != frame.dst()) {
            return frame;
        }
        pending.remove(frame.handle());
        Message answer = frame.toMessage();
        if (answer.src() == Identity.MASTER && !answer.isDead() && answer.length() <= MAX_GRANT_BYTES) {
            note(answer);
        }
        return Message.to(answer.dst(), asked.intValue(), answer.replyTo(), answer.body())
                .from(answer.src(), answer.auth());
    }

    private void note(Message answer) {
        try {
            Object block = PickleReader.fromBytes(answer.body(), Globals.NONE);
            if (block instanceof Tuple pair && pair.size() == 2) {
                grant(answer.dst(), number(pair.get(0)), number(pair.get(1)));
            }
        } catch (PickleException expected) {
            // the context that asked reports it
        }
    }

    /** Returns 0 for a value that is not an int. */
    private static int number(@Nullable Object value) {
        return value instanceof Integer number ? number : 0;
    }

    private static int from(long request) {
        return (int) (request >> 32);
    }

    /** Forgets the requests of a context that has gone: their answers have nowhere to go. */
    @Override
    public void onContextGone(int contextId, @Nullable Link over, String reason) {
        super.onContextGone(contextId, over, reason);
        if (!pending.isEmpty()) {
            for (Iterator<Long> all = pending.values().iterator(); all.hasNext(); ) {
                if (from(all.next()) == contextId) {
                    all.remove();
                }
            }
        }
    }
}
