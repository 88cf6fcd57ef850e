// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.reference;

import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.wire.Frame;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** One link of the small implementation. Frames are read by one thread and written by any. */
final class MiniLink {
    final int peerId;
    final Set<Integer> egress = new HashSet<>(); // guarded by the context
    final Set<String> sentModules = new HashSet<>(); // guarded by the context
    private final DataInputStream in;
    private final OutputStream out;
    private final Process process;

    /** @param process of a child; null where it is none */
    MiniLink(int peerId, Link.Streams streams, Process process) {
        this.peerId = peerId;
        this.in = new DataInputStream(streams.in());
        this.out = streams.out();
        this.process = process;
    }

    /** Ends the process of a child whose link is lost. */
    void endProcess() {
        if (process != null) {
            Thread reaper = new Thread(this::reap, "mini reaper");
            reaper.setDaemon(true);
            reaper.start();
        }
    }

    private void reap() {
        try {
            process.destroy();
            if (!process.waitFor(1, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException expected) { // the context ends
            return;
        }
    }

    /** Reads a frame; null at the end of the link. */
    Frame read(int maxBytes, Mutation mutation) throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        int second = in.readUnsignedByte();
        int[] fields = new int[6];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = in.readInt();
        }
        if (first != 'M' && mutation != Mutation.HALF_MAGIC || second < 'I' || second > 'K') {
            throw new IOException("bad magic");
        }
        int length = fields[5];
        int limit = mutation == Mutation.LIMIT_EXCLUSIVE ? maxBytes - 1 : maxBytes;
        if (mutation != Mutation.LIMIT_LATE && (length < 0 || length > limit)) {
            throw new IOException("too large");
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException();
        }
        if (length > limit) {
            throw new IOException("too large");
        }
        return new Frame(first << 8 | second, fields[0], fields[1], fields[2], fields[3], fields[4], body);
    }

    synchronized void send(Frame frame) {
        try {
            out.write(frame.toBytes());
            out.flush();
        } catch (IOException expected) { // its reader sees the end
            return;
        }
    }

    void close() {
        try {
            out.close();
        } catch (IOException expected) { // it is closed already
            return;
        }
    }
}
