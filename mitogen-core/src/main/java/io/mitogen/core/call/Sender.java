// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.PickleException;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.pickle.Reducible;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;

/** The address of a {@link Receiver}; may be sent to other contexts, which can then send to it. Any thread. */
public final class Sender implements Reducible, AutoCloseable {
    /** The reason that tells an orderly end from any other; the words are Python's. */
    static final String CLOSED = "Sender was explicitly closed";

    private final Contexts contexts;
    private final int contextId;
    private final int handle;

    Sender(Contexts contexts, int contextId, int handle) {
        this.contexts = contexts;
        this.contextId = contextId;
        this.handle = handle;
    }

    /** Makes a sender of what came over the wire. */
    static Sender of(Contexts contexts, Tuple arguments) {
        long contextId = arguments.size() == 2 ? WireGlobals.unsigned(arguments.get(0)) : -1;
        long handle = arguments.size() == 2 ? WireGlobals.unsigned(arguments.get(1)) : -1;
        if (contextId < 0 || handle <= 0) {
            throw PickleException.peer(
                    "a Sender is made of a context id and a handle, not of these " + arguments.size() + " values");
        }
        return new Sender(contexts, (int) contextId, (int) handle);
    }

    /**
     * Sends a value. Nothing tells whether it arrives: a context whose receiver is closed drops it.
     *
     * @throws ContextGoneException when the context of the receiver is known to have gone; nothing is sent
     */
    public void send(@Nullable Object value) {
        byte[] body = PickleWriter.toBytes("value", value);
        String how = contexts.endOf(contextId);
        if (how != null) {
            ChannelException.refuse(handle, contexts.get(contextId, null), how);
        }
        contexts.router().send(Message.to(contextId, handle, Handles.NONE, body));
    }

    /**
     * Tells the receiver that nothing more comes; it gets a {@link ChannelException} after what was sent before. Does nothing when
     * its context has gone.
     */
    @Override
    public void close() {
        contexts.router().send(Message.dead(contextId, handle, CLOSED));
    }

    /** Returns the id of the context whose receiver this addresses. */
    public int contextId() {
        return contextId;
    }

    /** Returns the receiver's handle. */
    public int handle() {
        return handle;
    }

    @Override
    public String globalModule() {
        return "mitogen.core";
    }

    @Override
    public String globalName() {
        return "_unpickle_sender";
    }

    @Override
    public Tuple arguments() {
        return Tuple.of(PickleWriter.unsigned(contextId), PickleWriter.unsigned(handle));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sender && ((Sender) other).contextId == contextId && ((Sender) other).handle == handle;
    }

    @Override
    public int hashCode() {
        return 31 * contextId + handle;
    }

    @Override
    public String toString() {
        return "Sender(" + Integer.toUnsignedString(contextId) + ", " + Integer.toUnsignedString(handle) + ")";
    }
}
