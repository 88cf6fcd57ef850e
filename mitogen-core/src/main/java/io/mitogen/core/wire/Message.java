// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.wire;

import io.mitogen.core.buffer.BufferQueue;
import io.mitogen.core.buffer.Writable;
import io.mitogen.core.pickle.PickleWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One message: who sends what to which handle of which context. Immutable; the body is shared, never copied, and must not
 * be changed by anybody. A long one may be in parts, one after another.
 */
public final class Message implements Writable {
    private static final byte[] EMPTY = new byte[0];

    /** A reason must pass where the message that it is about was too large. */
    private static final int MAX_REASON_CHARS = 4_000;

    private final int enc;
    private final int dst;
    private final int src;
    private final int auth;
    private final int handle;
    private final int replyTo;
    private final byte[][] parts;
    private final int length;

    private Message(Message address, int src, int auth, byte[]... parts) {
        this.enc = address.enc;
        this.dst = address.dst;
        this.handle = address.handle;
        this.replyTo = address.replyTo;
        this.src = src;
        this.auth = auth;
        this.parts = parts;
        this.length = address.length;
    }

    private Message(int enc, int dst, int handle, int replyTo, byte[]... parts) {
        this.enc = enc;
        this.dst = dst;
        this.src = 0;
        this.auth = 0;
        this.handle = handle;
        this.replyTo = replyTo;
        this.parts = parts;
        this.length = PickleWriter.length(parts);
    }

    /** Reads a whole frame of {@code in}, header at {@code at}; the body is {@code parts}. */
    Message(ByteBuffer in, int at, byte[]... parts) {
        this.enc = in.getShort(at + MessageHeader.ENC_AT);
        this.dst = in.getInt(at + MessageHeader.DST_AT);
        this.src = in.getInt(at + MessageHeader.SRC_AT);
        this.auth = in.getInt(at + MessageHeader.AUTH_AT);
        this.handle = in.getInt(at + MessageHeader.HANDLE_AT);
        this.replyTo = in.getInt(at + MessageHeader.REPLY_TO_AT);
        this.length = in.getInt(at + MessageHeader.LENGTH_AT);
        this.parts = parts;
    }

    /** Returns a message with a body of any kind; {@code replyTo} 0 when no answer is wanted. Its sender is stamped later. */
    public static Message to(int dst, int handle, int replyTo, byte[] body) {
        return new Message(MessageHeader.ENC_LEGACY, dst, handle, replyTo, body);
    }

    /**
     * As {@link #to(int, int, int, byte[])}, with a body in parts, of which the first, third and so on are given and the others lent:
     * the sender gets them back with {@code Stream.keepLent}.
     */
    public static Message to(int dst, int handle, int replyTo, byte[][] parts) {
        return new Message(MessageHeader.ENC_LEGACY, dst, handle, replyTo, parts);
    }

    /** Returns a message whose body is text. */
    public static Message text(int dst, int handle, String text) {
        return to(dst, handle, Handles.NONE, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a message without a body. */
    public static Message empty(int dst, int handle, int replyTo) {
        return to(dst, handle, replyTo, EMPTY);
    }

    /**
     * Returns a dead message: nothing more, or nothing at all, comes on {@code handle}, for {@code reason}, of which the
     * first {@value #MAX_REASON_CHARS} characters are kept.
     */
    public static Message dead(int dst, int handle, String reason) {
        String kept = reason.length() > MAX_REASON_CHARS ? reason.substring(0, MAX_REASON_CHARS) : reason;
        return to(dst, handle, Handles.DEAD, kept.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns this message as sent by context {@code src} with the authority of context {@code auth}. */
    public Message from(int src, int auth) {
        return new Message(this, src, auth, parts);
    }

    public int dst() {
        return dst;
    }

    public int src() {
        return src;
    }

    public int auth() {
        return auth;
    }

    public int handle() {
        return handle;
    }

    public int replyTo() {
        return replyTo;
    }

    /** Returns the bytes of the body. */
    public int length() {
        return length;
    }

    /** Returns the body, itself where it is in one part: do not change it. */
    public byte[] body() {
        return PickleWriter.join(parts);
    }

    /** Returns the parts of the body themselves: do not change them. */
    public byte[][] parts() {
        return parts;
    }

    /** Returns this message with a body in one part, none of it lent. */
    public Message inOnePart() {
        return parts.length == 1 ? this : new Message(this, src, auth, body());
    }

    /** Returns the body as UTF-8 text, what is not UTF-8 replaced. */
    public String text() {
        return new String(body(), StandardCharsets.UTF_8);
    }

    /** Tells whether this is a dead message, whose {@link #text} is the reason. */
    public boolean isDead() {
        return replyTo == Handles.DEAD;
    }

    /** Tells whether the sender waits for an answer. */
    public boolean wantsReply() {
        return replyTo != Handles.NONE && replyTo != Handles.DEAD;
    }

    /**
     * Returns a dead message's reason, cut to {@value #MAX_REASON_CHARS} characters; for an empty one the text that Python's
     * consumers print.
     */
    public String deadReason(int ownId) {
        if (length > 0) {
            String reason = text();
            return reason.length() > MAX_REASON_CHARS ? reason.substring(0, MAX_REASON_CHARS) : reason;
        }
        return src == ownId ? "Channel closed by local end." : "Channel closed by remote end.";
    }

    @Override
    public void writeTo(BufferQueue queue) {
        ByteBuffer chunk = queue.beginWrite(MessageHeader.LENGTH);
        chunk.putShort((short) enc).putInt(dst).putInt(src).putInt(auth);
        chunk.putInt(handle).putInt(replyTo).putInt(length);
        queue.endWrite(chunk);
        for (byte[] part : parts) {
            queue.appendGiven(part);
        }
    }

    @Override
    public byte[][] lentParts() {
        return parts;
    }

    /** Says everything but the body. */
    @Override
    public String toString() {
        return describe(dst, src, auth, handle, replyTo, length);
    }

    static String describe(int dst, int src, int auth, int handle, int replyTo, int length) {
        String reply =
                replyTo == Handles.NONE ? "-" : replyTo == Handles.DEAD ? "dead" : Integer.toUnsignedString(replyTo);
        return "dst " + Integer.toUnsignedString(dst) + "  src " + Integer.toUnsignedString(src)
                + (auth == src ? "" : "  auth " + Integer.toUnsignedString(auth)) + "  " + Handles.name(handle)
                + "  reply "
                + reply + "  " + length + " B";
    }
}
