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
import java.util.HashSet;
import java.util.Set;
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
     * Which requests are ours. What a JVM asks for is the path of a file, what Python asks for a module's dotted name; both come
     * as plain text with the same handle, and a context below may be either. A path with a slash, or of a class, is never
     * handed to Python: looking for the module `com/acme/Facts.class` finds nothing there, and looking for `a.b` imports `a`.
     * Of the others, what this class path has is ours, and so is what ends as files do that programs look for without
     * knowing whether they are there (`logback.xml`, `simplelogger.properties`). Dotted words that are left go up, once: a
     * Python parent does not answer a second request for a name, and whoever asks would wait for ever.
     */
    static final int MAX_PASSED_ON = 10_000;

    private static final int MAX_HELD_BYTES = 64 * 1024;
    private static final Set<String> FILE_ENDINGS = Set.of(
            "conf",
            "config",
            "csv",
            "dtd",
            "groovy",
            "html",
            "ini",
            "json",
            "list",
            "properties",
            "sql",
            "toml",
            "txt",
            "xml",
            "xsd",
            "yaml",
            "yml");
    private static final String AGAIN = "the Python parent was asked for it before, and answers once";

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

    private void serve(String path) {
        try {
            classes.serve(path, this, this::send);
        } catch (RuntimeException | Error e) { // whoever asks waits without limit
            send(ClassImage.missing(path, "it could not be sent: " + e));
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

    /** Tells whether {@code name} can be a Python module and nothing that a JVM looks for. */
    static boolean isPythonName(String name) {
        int start = 0;
        String word = "";
        while (start <= name.length()) {
            int end = name.indexOf('.', start);
            word = name.substring(start, end < 0 ? name.length() : end);
            if (!isIdentifier(word)) {
                return false;
            }
            start = end < 0 ? name.length() + 1 : end + 1;
        }
        return !ClassImage.isClass(name) && !FILE_ENDINGS.contains(word);
    }

    private static boolean isIdentifier(String word) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c != '_' && !Character.isLetter(c) && (i == 0 || !Character.isDigit(c))) {
                return false;
            }
        }
        return !word.isEmpty();
    }

    /** Takes requests for classes out of what is sent up. */
    private final class Output extends OutputStream {
        private final OutputStream parent;
        private final ByteArrayOutputStream held = new ByteArrayOutputStream(); // to be written with what follows
        private final byte[] header = new byte[MessageHeader.LENGTH];
        private final ByteBuffer fields = ByteBuffer.wrap(header);
        private final Set<String> passedOn = new HashSet<>();
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
                    && fields.getInt(18) == Handles.NONE // else it is PythonParent's, for a Python context below
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
            if (!isPythonName(name) || classes.has(name)) {
                reader.execute(() -> serve(name));
            } else if (passedOn.size() < MAX_PASSED_ON && passedOn.add(name)) {
                return false;
            } else {
                reader.execute(() -> send(ClassImage.missing(name, AGAIN)));
            }
            return true;
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
