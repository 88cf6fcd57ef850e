// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.unix;

import io.mitogen.core.Nullable;
import io.mitogen.core.call.CallInterruptedException;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.loop.BrokerClosedException;
import io.mitogen.core.loop.BrokerListener;
import io.mitogen.core.loop.Timer;
import io.mitogen.unix.UnixConnectException.Reason;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;

/** One attempt to reach a listener and to learn from it who we are. The calling thread does it; a timer of the broker ends it. */
final class Dial implements BrokerListener {
    private final Path path;
    private final Duration limit;
    private final SocketChannel channel;
    private volatile boolean late;
    private volatile boolean stopped;

    private Dial(Path path, Duration limit) {
        this.path = path;
        this.limit = limit;
        try {
            this.channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        } catch (IOException | UnsupportedOperationException e) {
            throw failure(Reason.FAILED, "no socket can be had: " + e, e);
        }
    }

    /** A connection after the handshake, in blocking mode; whoever gets it must close it. */
    record Joined(SocketChannel channel, Welcome welcome) {
        void close() {
            try {
                channel.close();
            } catch (IOException expected) {
                // it is given up
            }
        }
    }

    /** Connects to an absolute path and says hello. */
    static Joined to(Path path, Broker broker, Duration limit) {
        checkIsSocket(path);
        Dial dial = new Dial(path, limit);
        boolean done = false;
        broker.listeners().add(dial);
        Timer timer = null;
        try {
            timer = broker.after(limit.toNanos(), dial::onLate);
            dial.connect();
            Welcome welcome = dial.exchange();
            done = true;
            return new Joined(dial.channel, welcome);
        } finally {
            if (timer != null) {
                timer.cancel();
            }
            broker.listeners().remove(dial);
            if (!done) {
                dial.close();
            }
        }
    }

    private void onLate() {
        late = true;
        close(); // ends what the calling thread waits in
    }

    @Override
    public void onShutdown() {
        stopped = true;
        close();
    }

    @Override
    public void onExit(String reason) {
        onShutdown();
    }

    private void close() {
        try {
            channel.close();
        } catch (IOException expected) {
            // it is given up
        }
    }

    private static void checkIsSocket(Path path) {
        try {
            if (!SocketFile.isSocket(path.toRealPath())) {
                throw new UnixConnectException(
                        Reason.NOT_MITOGEN, path, "it is no socket; was another path meant?", null);
            }
        } catch (IOException e) {
            throw explain(path, e);
        }
    }

    private void connect() {
        try {
            channel.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            throw late || stopped || e instanceof ClosedByInterruptException
                    ? broken(e, "it accepts nobody: too many wait already")
                    : explain(path, e);
        }
    }

    private static UnixConnectException explain(Path path, IOException e) {
        if (e instanceof NoSuchFileException || e instanceof NotDirectoryException || !Files.exists(path)) {
            return new UnixConnectException(
                    Reason.NO_SOCKET, path, "there is no such socket; does the program that listens run?", e);
        }
        if (e instanceof ConnectException) {
            return new UnixConnectException(
                    Reason.REFUSED,
                    path,
                    "nobody listens there any more; start the program that did, it will replace the socket",
                    e);
        }
        if (e instanceof AccessDeniedException || e instanceof BindException) { // so the JDK names EACCES of a connect
            return new UnixConnectException(
                    Reason.PERMISSION_DENIED,
                    path,
                    "user " + System.getProperty("user.name")
                            + " may not open it; only the user whose program listens may, and root",
                    e);
        }
        return new UnixConnectException(Reason.FAILED, path, e.toString(), e);
    }

    private Welcome exchange() {
        ByteBuffer answer = ByteBuffer.allocate(Welcome.BYTES);
        try {
            channel.write(ByteBuffer.wrap(Welcome.hello(ProcessHandle.current().pid())));
            while (answer.hasRemaining()) {
                if (channel.read(answer) < 0) {
                    throw failure(Reason.CUT_OFF, "it closed the connection after " + saidBy(answer), null);
                }
            }
        } catch (IOException e) {
            throw broken(e, "it accepted the connection and said " + saidBy(answer));
        }
        Welcome said = Welcome.of(answer.flip());
        if (!said.isPlausible()) {
            throw failure(
                    Reason.NOT_MITOGEN,
                    "what it answered is not what Mitogen's listeners say; was another path meant?",
                    null);
        }
        return said;
    }

    private static String saidBy(ByteBuffer answer) {
        return answer.position() + " of " + Welcome.BYTES + " bytes";
    }

    private RuntimeException broken(IOException e, String state) {
        if (e instanceof ClosedByInterruptException) {
            return CallInterruptedException.of("joining the listener at " + path);
        }
        if (stopped) {
            return new BrokerClosedException(
                    "joining the listener at " + path + ": the broker was shut down meanwhile");
        }
        if (late) {
            return failure(
                    Reason.TIMEOUT,
                    state + ", within " + limit.toMillis() + " ms; is it Mitogen's, and not hung or stopped?",
                    e);
        }
        return failure(Reason.CUT_OFF, state + ", then: " + e.getMessage(), e);
    }

    private UnixConnectException failure(Reason reason, String text, @Nullable Throwable cause) {
        return new UnixConnectException(reason, path, text, cause);
    }
}
