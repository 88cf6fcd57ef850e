// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.core.call.Context;
import io.mitogen.core.pickle.Globals;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.core.wire.Handles;
import io.mitogen.master.MasterRouter;
import io.mitogen.parent.ContextOptions;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The test's end of a child that says whatever the test wants, byte for byte. One thread at a time. */
final class HostileChild implements AutoCloseable {
    /** A frame as it was read. */
    record Received(int dst, int src, int auth, int handle, int replyTo, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** How a child begins. */
    enum Dialect {
        JVM {
            @Override
            ContextOptions options() {
                return ContextOptions.DEFAULT;
            }

            @Override
            int idIn(DataInputStream in) throws IOException {
                byte[] config = in.readNBytes(in.readInt());
                in.skipNBytes(in.readInt());
                Map<?, ?> fields = (Map<?, ?>) PickleReader.fromBytes(config, Globals.NONE);
                return ((Number) fields.get("context_id")).intValue();
            }
        },

        PYTHON {
            @Override
            ContextOptions options() {
                return ContextOptions.DEFAULT.withPython("pump");
            }

            @Override
            int idIn(DataInputStream in) throws IOException {
                Inflater inflater = new Inflater();
                ByteArrayOutputStream text = new ByteArrayOutputStream();
                try {
                    byte[] chunk = new byte[8192];
                    while (!inflater.finished()) {
                        if (inflater.needsInput()) {
                            inflater.setInput(new byte[] {in.readByte()});
                        }
                        text.write(chunk, 0, inflater.inflate(chunk));
                    }
                } catch (DataFormatException e) {
                    throw new IOException(e);
                } finally {
                    inflater.end();
                }
                Matcher id = CONTEXT_ID.matcher(text.toString(StandardCharsets.UTF_8));
                if (!id.find()) {
                    throw new IOException("no id in the preamble");
                }
                return Integer.parseInt(id.group(1));
            }
        };

        abstract ContextOptions options();

        /** Reads what the parent sends to the first stage, and returns the id that it gives. */
        abstract int idIn(DataInputStream in) throws IOException;
    }

    private static final int MAGIC = 0x4d49;

    private static final Pattern CONTEXT_ID = Pattern.compile("'context_id': (\\d+)");

    private final Dialect dialect;
    private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final Socket socket;
    private final DataInputStream in;
    private final CompletableFuture<Context> connecting;
    private int id = -1;

    /** Starts a child at a port of this process. */
    interface Starter {
        CompletableFuture<Context> start(int port) throws IOException;
    }

    /** Lets {@code router} start it, and takes the socket of the process; nothing is said yet. */
    HostileChild(MasterRouter router, Dialect dialect) throws IOException {
        this(router, dialect, null);
    }

    /** As above; {@code relay} starts it, null for the master. */
    HostileChild(MasterRouter router, Dialect dialect, Context relay) throws IOException {
        this(dialect, port -> {
            ContextOptions options = dialect.options();
            return router.connectAsync(new HostileMethod(relay == null ? options : options.withVia(relay), port));
        });
    }

    /** Lets {@code starter} start it, maybe in another process. */
    HostileChild(Dialect dialect, Starter starter) throws IOException {
        this.dialect = dialect;
        connecting = starter.start(server.getLocalPort());
        socket = server.accept();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        in = new DataInputStream(socket.getInputStream());
    }

    /** Behaves until it is up. */
    Context boot() throws IOException {
        say("MITO000\n");
        id = dialect.idIn(in);
        say("MITO001\nMITO002\n");
        return connecting.join();
    }

    CompletableFuture<Context> connecting() {
        return connecting;
    }

    int id() {
        return id;
    }

    void say(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** Sends a frame as itself. */
    void send(int dst, int handle, int replyTo, byte[] body) throws IOException {
        write(frame(dst, id, id, handle, replyTo, body));
    }

    static byte[] frame(int dst, int src, int auth, int handle, int replyTo, byte[] body) {
        return ByteBuffer.allocate(26 + body.length)
                .putShort((short) MAGIC)
                .putInt(dst)
                .putInt(src)
                .putInt(auth)
                .putInt(handle)
                .putInt(replyTo)
                .putInt(body.length)
                .put(body)
                .array();
    }

    /** Puts another label on {@code frame}. */
    static byte[] labelled(int label, byte[] frame) {
        ByteBuffer.wrap(frame).putShort((short) label);
        return frame;
    }

    /** Reads the next frame; fails when none comes within the socket's time limit. */
    Received read() throws IOException {
        int label = in.readUnsignedShort();
        if (label != MAGIC) {
            throw new IOException("a frame with the label " + Integer.toHexString(label));
        }
        int dst = in.readInt();
        int src = in.readInt();
        int auth = in.readInt();
        int handle = in.readInt();
        int replyTo = in.readInt();
        return new Received(dst, src, auth, handle, replyTo, in.readNBytes(in.readInt()));
    }

    /** Waits until {@code dst} has handled all earlier frames: it answers in order. Returns the frames that came meanwhile. */
    List<Received> awaitHandled(int dst) throws IOException {
        send(dst, 77, 7_700_001, new byte[0]);
        List<Received> meanwhile = new ArrayList<>();
        Received received = read();
        while (received.handle() != 7_700_001) {
            meanwhile.add(received);
            received = read();
        }
        assertEquals("invalid handle", received.text());
        return meanwhile;
    }

    /** Asks the master for a block of ids and returns the first of them. */
    int askForIds() throws IOException {
        send(0, Handles.ALLOCATE_ID, 8000, new byte[0]);
        Received answer = read();
        assertEquals(8000, answer.handle());
        Tuple block = (Tuple) PickleReader.fromBytes(answer.body(), Globals.NONE);
        return ((Number) block.get(0)).intValue();
    }

    /** Sends a frame of 120 MiB, which must be skipped and answered with a dead message. */
    void sendSkipped(int dst, int handle) throws IOException {
        byte[] header = frame(dst, id, id, handle, 9001, new byte[0]);
        ByteBuffer.wrap(header).putInt(22, 120 << 20);
        write(header);
        for (int i = 0; i < 120; i++) {
            write(new byte[1 << 20]);
        }
        Received answer = read();
        assertEquals(9001, answer.handle());
        assertEquals(Handles.DEAD, answer.replyTo(), answer.text());
    }

    /** Reads all that comes from now on, on a thread of its own, and drops it. */
    void readForEver() {
        Thread reader = new Thread(() -> {
            try {
                socket.setSoTimeout(0);
                awaitHangUp();
            } catch (IOException expected) {
                // it was closed
            }
        });
        reader.setDaemon(true);
        reader.start();
    }

    /** Reads until the master closed the link. */
    void awaitHangUp() throws IOException {
        in.transferTo(java.io.OutputStream.nullOutputStream());
    }

    @Override
    public void close() throws IOException {
        socket.close();
        server.close();
    }
}
