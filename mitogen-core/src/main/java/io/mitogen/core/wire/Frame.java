// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.wire;

import io.mitogen.core.Nullable;
import io.mitogen.core.buffer.BufferQueue;
import io.mitogen.core.buffer.Writable;
import java.nio.ByteBuffer;

/**
 * A whole frame as it was read, lent by a {@link FrameReader} until the sink returns. One thread at a time.
 *
 * <p>It lies in one piece in the reader's input, or, when it came in several pieces, as a header and a queue of chunks that
 * {@link #writeTo} moves on without copying, or arrays that {@link #toMessage} takes without copying. Either way it can be
 * taken once: as a message or into an outgoing queue.
 */
public final class Frame implements Writable {
    private ByteBuffer header = ByteBuffer.allocate(0);
    private int at;
    private int length;
    private @Nullable BufferQueue pieces;
    private @Nullable byte[][] arrays;

    Frame() {}

    /** Views the frame at {@code at} of {@code input}, whole. */
    Frame inOnePiece(ByteBuffer input, int at, int length) {
        this.header = input;
        this.at = at;
        this.length = length;
        this.pieces = null;
        this.arrays = null;
        return this;
    }

    /** Views a frame whose header lies at the start of {@code header} and whose body is all of {@code pieces}. */
    Frame inPieces(ByteBuffer header, BufferQueue pieces) {
        this.header = header;
        this.at = 0;
        this.length = (int) pieces.remaining();
        this.pieces = pieces;
        this.arrays = null;
        return this;
    }

    /** Views a frame whose header lies at the start of {@code header} and whose body is these arrays. */
    Frame inArrays(ByteBuffer header, byte[][] arrays) {
        inOnePiece(header, 0, header.getInt(MessageHeader.LENGTH_AT));
        this.arrays = arrays;
        return this;
    }

    public int dst() {
        return header.getInt(at + MessageHeader.DST_AT);
    }

    public int src() {
        return header.getInt(at + MessageHeader.SRC_AT);
    }

    public int auth() {
        return header.getInt(at + MessageHeader.AUTH_AT);
    }

    /** Overwrites the authority, for streams whose every message carries the same. */
    public void auth(int auth) {
        header.putInt(at + MessageHeader.AUTH_AT, auth);
    }

    public int handle() {
        return header.getInt(at + MessageHeader.HANDLE_AT);
    }

    public int replyTo() {
        return header.getInt(at + MessageHeader.REPLY_TO_AT);
    }

    /** Returns the bytes of the body. */
    public int length() {
        return length;
    }

    /** Tells whether the sender waits for an answer. */
    public boolean wantsReply() {
        int replyTo = replyTo();
        return replyTo != Handles.NONE && replyTo != Handles.DEAD;
    }

    /** Returns the header as a message without a body, whose length is that of the frame. */
    public Message withoutBody() {
        return new Message(header, at);
    }

    /** Takes the frame as a message with a body of its own. */
    public Message toMessage() {
        if (arrays != null) {
            return new Message(header, at, arrays);
        }
        byte[] body;
        if (pieces == null) {
            body = new byte[length];
            header.get(at + MessageHeader.LENGTH, body);
        } else {
            body = pieces.takeBytes();
        }
        return new Message(header, at, body);
    }

    /** Takes the frame into {@code queue}: one copy when in one piece, none of the body when in pieces. */
    @Override
    public void writeTo(BufferQueue queue) {
        int limit = header.limit();
        int position = header.position();
        header.limit(at + MessageHeader.LENGTH + (pieces == null && arrays == null ? length : 0))
                .position(at);
        queue.append(header);
        header.limit(limit).position(position);
        if (pieces != null) {
            queue.appendAll(pieces);
        } else if (arrays != null) {
            for (byte[] array : arrays) {
                queue.appendGiven(array);
            }
        }
    }

    @Override
    public String toString() {
        return Message.describe(dst(), src(), auth(), handle(), replyTo(), length);
    }
}
