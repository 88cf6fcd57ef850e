// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.wire;

import io.mitogen.core.Nullable;
import io.mitogen.core.buffer.BufferPool;
import io.mitogen.core.buffer.BufferQueue;
import java.nio.ByteBuffer;

/**
 * Cuts a stream of bytes into frames, however it arrives. Fed, never pulls; one thread at a time.
 *
 * <p>A frame that lies whole in the input is shown in place. One that does not is gathered as its bytes come, so a header
 * that promises much costs little until the bytes are there: in pooled chunks, which can be passed on, or, when it is a long
 * one for this context, in the arrays that become the message's body. Encoding and length are checked when the header is
 * complete, as Python does: 25 bytes of garbage are waited on. Then the sink may refuse the frame, whose body is skipped
 * as it comes.
 */
public final class FrameReader {
    /** Receives whole frames in the order of the stream. */
    public interface Sink {
        /** Takes one frame, which is lent: it is not valid after this returns. */
        void onFrame(Frame frame);

        /**
         * Judges a frame by its header, which is lent, while some of its body is still to come. A refused frame is not shown
         * again, so the sink answers it here.
         */
        default boolean wants(Frame header) {
            return true;
        }
    }

    private final int maxBodyBytes;
    private final int ownId;
    private final Frame frame = new Frame();
    private final ByteBuffer header = ByteBuffer.allocate(MessageHeader.LENGTH);
    private final BufferQueue pieces;
    private @Nullable LongBody longBody; // of this frame, in place of the pieces
    private boolean closed;
    private boolean isWanted; // the frame that is being gathered; else it is skipped
    private int missing = -1; // bytes of the gathered body still to come, -1 while the header is not complete

    /**
     * Makes a reader of context {@code ownId}.
     *
     * @param direct whether most of what is passed on goes to channels, and not to streams of bytes
     */
    public FrameReader(BufferPool pool, int maxBodyBytes, int ownId, boolean direct) {
        this.maxBodyBytes = maxBodyBytes;
        this.ownId = ownId;
        this.pieces = new BufferQueue(pool, direct);
    }

    /**
     * Takes all that {@code input} holds and keeps no reference to it. Once closed, it takes nothing.
     *
     * @throws CorruptStreamException when the bytes cannot be a frame; nothing more may be fed then
     */
    public void feed(ByteBuffer input, Sink sink) {
        while (input.hasRemaining() && !closed) {
            if (missing < 0 && header.position() == 0 && showInPlace(input, sink)) {
                continue;
            }
            gather(input, sink);
            if (missing == 0) {
                missing = -1;
                header.position(0);
                LongBody body = longBody;
                longBody = null;
                if (isWanted) {
                    sink.onFrame(body == null ? frame.inPieces(header, pieces) : frame.inArrays(header, body.parts()));
                    pieces.clear();
                }
            }
        }
    }

    /** Frees what was gathered of a frame that will not be completed. The sink may call it, for the frames that follow. */
    public void close() {
        closed = true;
        missing = -1;
        pieces.clear();
        longBody = null;
    }

    /** Returns the size of the body that is being gathered, in bytes; 0 when none is. */
    public int gatheredBytes() {
        return missing < 0 || !isWanted ? 0 : header.getInt(MessageHeader.LENGTH_AT);
    }

    private boolean showInPlace(ByteBuffer input, Sink sink) {
        int at = input.position();
        if (input.remaining() < MessageHeader.LENGTH) {
            return false;
        }
        int length = MessageHeader.checkedLength(input, at, maxBodyBytes);
        if (input.remaining() - MessageHeader.LENGTH < length) {
            return false;
        }
        sink.onFrame(frame.inOnePiece(input, at, length));
        input.position(at + MessageHeader.LENGTH + length);
        return true;
    }

    private void gather(ByteBuffer input, Sink sink) {
        if (missing < 0) {
            int count = Math.min(header.remaining(), input.remaining());
            header.put(header.position(), input, input.position(), count);
            header.position(header.position() + count);
            input.position(input.position() + count);
            if (header.hasRemaining()) {
                return;
            }
            missing = MessageHeader.checkedLength(header, 0, maxBodyBytes);
            isWanted = sink.wants(frame.inOnePiece(header, 0, missing));
            if (missing >= LongBody.LEAST_BYTES && header.getInt(MessageHeader.DST_AT) == ownId) {
                longBody = new LongBody(missing);
            }
        }
        int count = Math.min(missing, input.remaining());
        int limit = input.limit();
        input.limit(input.position() + count);
        if (!isWanted) {
            input.position(input.limit());
        } else if (longBody == null) {
            pieces.append(input);
        } else {
            longBody.put(input);
        }
        input.limit(limit);
        missing -= count;
    }
}
