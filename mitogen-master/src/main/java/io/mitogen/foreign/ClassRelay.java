// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.foreign;

import io.mitogen.core.concurrent.Threads;
import io.mitogen.core.load.ClassImage;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.MessageHeader;
import io.mitogen.master.ProgramClasses;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Stands between a JVM context and a parent that has no classes: answers what the context asks the parent for, for itself and for
 * the contexts below it, from the class path of this process, as a master written in Java would. All else passes, in both
 * directions, byte for byte.
 *
 * <p>One thread at a time writes, as {@code PumpTransmitSide} does; classes are read on another.
 */
final class ClassRelay {
    /*
     * Which requests are ours. What a JVM asks a Python parent for has a slash in it, or is a class: ModuleLink sees to that.
     * Python's names of modules are neither, and go up.
     */
    private static final int MAX_HELD_BYTES = 64 * 1024;

    private final ProgramClasses classes;
    private final int childId;
    private final int parentId;
    private final int maxBodyBytes;
    private final MergedInput in;
    private final Output out;
    private final ThreadPoolExecutor reader;

    /**
     * Makes a relay and begins to read from the parent.
     *
     * @param maxBodyBytes longest body that the context takes
     */
    ClassRelay(InheritedLink link, ProgramClasses classes, int childId, int parentId, int maxBodyBytes) {
        this.classes = classes;
        this.childId = childId;
        this.parentId = parentId;
        this.maxBodyBytes = maxBodyBytes;
        this.in = MergedInput.start(link.in());
        this.out = new Output(link.out());
        this.reader = new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> Threads.daemon("classes", work));
        this.reader.allowCoreThreadTimeOut(true);
    }

    /** Returns what the context reads. */
    InputStream in() {
        return in;
    }

    /** Returns where the context writes: a line, then frames. */
    OutputStream out() {
        return out;
    }

    private void serve(String name) {
        try {
            classes.serve(ClassImage.pathIn(name), this, image -> send(image.answering(name)));
        } catch (RuntimeException | Error e) { // whoever asks waits without limit
            send(ClassImage.missing(name, "it could not be sent: " + e));
        }
    }

    private void send(ClassImage image) {
        byte[] body = ProgramClasses.bodyOf(image, maxBodyBytes);
        ByteBuffer frame = ByteBuffer.allocate(MessageHeader.LENGTH + body.length);
        frame.putShort((short) MessageHeader.ENC_LEGACY)
                .putInt(childId)
                .putInt(parentId)
                .putInt(parentId);
        frame.putInt(Handles.LOAD_MODULE)
                .putInt(Handles.NONE)
                .putInt(body.length)
                .put(body);
        in.add(frame.array());
    }

    /** Takes requests for classes out of what is sent up. */
    private final class Output extends OutputStream {
        private final OutputStream parent;
        private final ByteArrayOutputStream held = new ByteArrayOutputStream(); // to be written with what follows
        private final byte[] header = new byte[MessageHeader.LENGTH];
        private final ByteBuffer fields = ByteBuffer.wrap(header);
        private boolean isGreeted;
        private int headerBytes;
        private long bodyLeft;
        private byte[] request; // null but while one is gathered

        Output(OutputStream parent) {
            this.parent = parent;
        }

        @Override
        public void write(int oneByte) throws IOException {
            write(new byte[] {(byte) oneByte}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            int at = offset;
            int end = offset + count;
            while (at < end) {
                if (!isGreeted) {
                    isGreeted = bytes[at] == '\n';
                    hold(bytes, at, 1);
                    at++;
                } else if (headerBytes < header.length) {
                    header[headerBytes++] = bytes[at++];
                    if (headerBytes == header.length) {
                        onHeader();
                    }
                } else {
                    int part = (int) Math.min(bodyLeft, end - at);
                    onBody(bytes, at, part);
                    at += part;
                }
            }
        }

        private void onHeader() throws IOException {
            bodyLeft = Integer.toUnsignedLong(fields.getInt(22));
            boolean isRequest = fields.getInt(14) == Handles.GET_MODULE
                    && fields.getInt(2) == parentId
                    && fields.getInt(6)
                            == childId // one from behind the child has no use for the answer, which goes to the child
                    && fields.getInt(18) == Handles.NONE
                    && bodyLeft <= ClassImage.MAX_PATH_BYTES;
            if (isRequest) {
                request = new byte[(int) bodyLeft];
            } else {
                hold(header, 0, header.length);
            }
            if (bodyLeft == 0) {
                onEnd();
            }
        }

        private void onBody(byte[] bytes, int offset, int count) throws IOException {
            if (request == null) {
                hold(bytes, offset, count);
            } else {
                System.arraycopy(bytes, offset, request, (int) (request.length - bodyLeft), count);
            }
            bodyLeft -= count;
            if (bodyLeft == 0) {
                onEnd();
            }
        }

        private void onEnd() throws IOException {
            byte[] body = request;
            request = null;
            headerBytes = 0;
            if (body != null && !answer(new String(body, StandardCharsets.UTF_8))) {
                hold(header, 0, header.length);
                hold(body, 0, body.length);
            }
        }

        /** Has a request answered here; tells whether that is so. */
        private boolean answer(String name) {
            boolean isPath = ClassImage.isPath(name);
            if (isPath) {
                reader.execute(() -> serve(name));
            }
            return isPath;
        }

        private void hold(byte[] bytes, int offset, int count) throws IOException {
            if (held.size() + count <= MAX_HELD_BYTES) {
                held.write(bytes, offset, count);
            } else {
                writeHeld();
                parent.write(bytes, offset, count);
            }
        }

        private void writeHeld() throws IOException {
            if (held.size() > 0) {
                parent.write(held.toByteArray());
                held.reset();
            }
        }

        @Override
        public void flush() throws IOException {
            writeHeld();
            parent.flush();
        }

        @Override
        public void close() throws IOException {
            flush();
            parent.close();
        }
    }
}
