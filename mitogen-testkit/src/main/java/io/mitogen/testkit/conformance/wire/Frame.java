// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.wire;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * One message as it stands on a link. Immutable; nobody may change the body.
 *
 * <pre>
 *   0    2         6         10        14        18        22        26
 *   | enc | dst     | src     | auth    | handle  | replyTo | length  | body ...
 *   | u2  | u4      | u4      | u4      | u4      | u4      | u4      | length bytes
 * </pre>
 *
 * <p>All numbers are big endian.
 *
 * @param enc how the body is to be read: {@link #MGC}, {@link #PKL} or {@link #BIN}
 * @param dst the context it is for
 * @param src the context that sent it, and gets the answer
 * @param auth the context whose authority it carries
 * @param handle where in {@code dst} it goes
 * @param replyTo where in {@code src} the answer goes; 0 if none is wanted, {@link #DEAD} in a dead message
 */
public record Frame(int enc, int dst, int src, int auth, int handle, int replyTo, byte[] body) {
    public static final int MGC = 0x4d49;
    public static final int PKL = 0x4d4a;
    public static final int BIN = 0x4d4b;
    public static final int DEAD = 999;
    public static final int HEADER_BYTES = 26;

    /** No body that a case sends or waits for is longer; what claims to be is refused before memory is taken. */
    private static final int MAX_BODY_BYTES = 160 * 1024 * 1024;

    /** Reads the next one; returns null where the stream ends between two. */
    public static Frame read(DataInputStream in) throws IOException {
        byte[] header = in.readNBytes(HEADER_BYTES);
        if (header.length == 0) {
            return null;
        }
        String hex = HexFormat.of().formatHex(header);
        if (header.length < HEADER_BYTES) {
            throw new EOFException("the link ended in the middle of a header: " + hex);
        }
        ByteBuffer fields = ByteBuffer.wrap(header);
        int enc = fields.getShort() & 0xffff;
        int dst = fields.getInt();
        int src = fields.getInt();
        int auth = fields.getInt();
        int handle = fields.getInt();
        int replyTo = fields.getInt();
        int length = fields.getInt();
        if (enc != MGC && enc != PKL && enc != BIN) {
            throw new IOException(
                    "a frame begins with " + hex.substring(0, 4) + ", not with 4d49, 4d4a or 4d4b: " + hex);
        }
        if (length < 0 || length > MAX_BODY_BYTES) {
            throw new IOException(
                    "a frame for handle " + handle + " claims " + Integer.toUnsignedString(length) + " bytes: " + hex);
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the link ended in the middle of a frame for handle " + handle);
        }
        return new Frame(enc, dst, src, auth, handle, replyTo, body);
    }

    public byte[] toBytes() {
        return ByteBuffer.allocate(HEADER_BYTES + body.length)
                .putShort((short) enc)
                .putInt(dst)
                .putInt(src)
                .putInt(auth)
                .putInt(handle)
                .putInt(replyTo)
                .putInt(body.length)
                .put(body)
                .array();
    }

    public Frame withEnc(int newEnc) {
        return new Frame(newEnc, dst, src, auth, handle, replyTo, body);
    }

    /** Returns the same, sent by {@code newSrc} with the authority of {@code newAuth}. */
    public Frame from(int newSrc, int newAuth) {
        return new Frame(enc, dst, newSrc, newAuth, handle, replyTo, body);
    }

    public Frame to(int newDst) {
        return new Frame(enc, newDst, src, auth, handle, replyTo, body);
    }

    public boolean isDead() {
        return replyTo == DEAD;
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Names the fields as the specification does; a dead message by its reason. */
    @Override
    public String toString() {
        return "[dst_id " + Integer.toUnsignedString(dst) + ", src_id " + Integer.toUnsignedString(src) + ", auth_id "
                + Integer.toUnsignedString(auth) + ", handle " + Integer.toUnsignedString(handle)
                + (replyTo == 0 ? "" : ", reply_to " + Integer.toUnsignedString(replyTo))
                + (isDead() ? ", dead message \"" + text() + "\"" : ", length " + body.length) + "]";
    }
}
