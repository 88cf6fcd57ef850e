// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.reference;

import io.mitogen.testkit.conformance.peer.Booting;
import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Dialect;
import io.mitogen.testkit.conformance.peer.Kind;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.peer.Modules;
import io.mitogen.testkit.conformance.peer.PythonDialect;
import io.mitogen.testkit.conformance.peer.Running;
import io.mitogen.testkit.conformance.peer.Session;
import io.mitogen.testkit.conformance.peer.Target;
import io.mitogen.testkit.conformance.peer.Told;
import io.mitogen.testkit.conformance.peer.Wanted;
import io.mitogen.testkit.conformance.wire.Repr;
import java.io.BufferedInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Starts contexts of the small implementation in this process. Any thread. */
public final class MiniTarget implements Target {
    private static final Pattern WORDS = Pattern.compile("Pump (\\d+) (\\w+)");

    private final Mutation mutation;
    private final Session session;
    private final Dialect dialect;

    public MiniTarget(Mutation mutation, Dialect dialect, Session session) {
        this.mutation = mutation;
        this.dialect = dialect;
        this.session = session;
    }

    @Override
    public Kind kind() {
        return Kind.OTHER;
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }

    @Override
    public Session session() {
        return session;
    }

    @Override
    public Booting launch(Wanted wanted) throws IOException {
        Map<String, Object> configuration = new HashMap<>();
        configuration.put("context_id", wanted.id());
        configuration.put("parent_ids", wanted.parentIds());
        configuration.put("unidirectional", wanted.unidirectional());
        configuration.put("max_message_size", wanted.maxMessageBytes());
        configuration.put("log_level", wanted.logLevel());
        String text = "# a core\nExternalContext(" + Repr.of(configuration) + ").main()\n";
        byte[] preamble = Modules.deflated(text.getBytes(StandardCharsets.UTF_8));
        InThread running = new InThread(mutation);
        return new Booting(this, wanted, running, new Booting.Offer(preamble, Modules.NONE));
    }

    /** Plays a context on two streams until it ends; returns the exit status. */
    static int play(Link.Streams link, Mutation mutation, MiniContext.Launcher launcher) {
        try {
            Told told = new PythonDialect()
                    .boot(
                            mutation == Mutation.EARLY_MARKER
                                    ? new Link.Streams(link.in(), new EarlyMarker(link.out()))
                                    : link);
            MiniLink parent = new MiniLink(told.parentIds().get(0), link, null);
            new MiniContext(told, parent, mutation, launcher).run();
            return mutation == Mutation.EXIT_STATUS ? 3 : 0;
        } catch (IOException | Deviation | InterruptedException expected) { // it cannot boot, or was ended
            return 1;
        }
    }

    /** Says the first two markers together. */
    private static final class EarlyMarker extends FilterOutputStream {
        EarlyMarker(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            String line = new String(bytes, StandardCharsets.US_ASCII);
            if (line.contains(Booting.FIRST)) {
                out.write((line + Booting.SECOND + "\n").getBytes(StandardCharsets.US_ASCII));
            } else if (!line.contains(Booting.SECOND)) {
                out.write(bytes);
            }
        }
    }

    /** Does what the program that the kit wrote would do in a process of its own: tells its word, and is the link. */
    private static MiniContext.Started connect(String program) throws IOException {
        Matcher words = WORDS.matcher(Files.readString(Path.of(program)));
        if (!words.find()) {
            throw new IOException(program + " is no program of the kit");
        }
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(words.group(1)));
        socket.setTcpNoDelay(true);
        socket.getOutputStream().write((words.group(2) + "\n").getBytes(StandardCharsets.US_ASCII));
        return new MiniContext.Started(
                new Link.Streams(new BufferedInputStream(socket.getInputStream()), socket.getOutputStream()), null);
    }

    /** A context in place of a process. */
    private static final class InThread implements Running {
        private final Pipe down = Pipe.open();
        private final Pipe up = Pipe.open();
        private final InputStream in = new BufferedInputStream(Channels.newInputStream(up.source()));
        private final OutputStream out = Channels.newOutputStream(down.sink());
        private final CompletableFuture<Integer> status = new CompletableFuture<>();
        private final Thread thread;

        InThread(Mutation mutation) throws IOException {
            thread = new Thread(() -> run(mutation), "mini");
            thread.setDaemon(true);
            thread.start();
        }

        private void run(Mutation mutation) {
            int result;
            try (InputStream input = new BufferedInputStream(Channels.newInputStream(down.source()));
                    OutputStream output = Channels.newOutputStream(up.sink())) {
                result = play(new Link.Streams(input, output), mutation, MiniTarget::connect);
            } catch (IOException e) {
                result = 1;
            }
            status.complete(result);
        }

        @Override
        public InputStream in() {
            return in;
        }

        @Override
        public OutputStream out() {
            return out;
        }

        @Override
        public String errors() {
            return "";
        }

        @Override
        public boolean isAlive() {
            return !status.isDone();
        }

        @Override
        public String state() {
            return isAlive() ? "a thread that is alive" : "a thread that ended with status " + status.join();
        }

        @Override
        public boolean isShell() {
            return false;
        }

        @Override
        public int awaitExit(Duration patience) throws Deviation {
            try {
                return status.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | InterruptedException | ExecutionException e) {
                throw new Deviation("the context ends", "it does not: " + e);
            }
        }

        @Override
        public void kill() {
            thread.interrupt();
            status.complete(137);
        }

        @Override
        public void stop(Duration grace) {
            try {
                out.close();
                awaitExit(grace);
            } catch (IOException | Deviation expected) { // it does not want to
                kill();
            }
        }
    }
}
