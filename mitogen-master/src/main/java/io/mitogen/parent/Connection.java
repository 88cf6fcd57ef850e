// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.AnyThread;
import io.mitogen.core.BrokerThread;
import io.mitogen.core.Log;
import io.mitogen.core.Nullable;
import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.loop.LineProtocol;
import io.mitogen.core.loop.Stream;
import io.mitogen.core.loop.Timer;
import io.mitogen.core.route.Link;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * One attempt to start a context, from its process to its link, within one deadline; then the watch over both until they end.
 */
final class Connection implements Attempt {
    /*
     * The process is started on a launch thread, everything else happens inside turns. Whatever ends the attempt - the
     * deadline, an error line of the first stage, the end of the process or of its output, the broker's shutdown - goes through
     * fail(), once. When output ends before the attempt has, the process's exit status and its last words on standard error are
     * waited for a moment, because they are the explanation.
     */
    private static final long LAST_WORDS_NS = 500_000_000;

    private static final int MAX_TRIES = 5;
    private static final long FIRST_BACKOFF_NS = 250_000_000; // doubled each time

    /** Life of an attempt; it moves right, or to CLOSED from anywhere; a further try begins at NEW. */
    private enum State {
        NEW,
        LAUNCHED,
        BOOTING,
        UP,
        CLOSED;

        boolean mayBecome(State next) {
            return this != CLOSED && (next == CLOSED || next.ordinal() == ordinal() + 1);
        }
    }

    private final Parenthood parenthood;
    private final Broker broker;
    private final Hop hop;
    private final boolean python;
    private final CompletableFuture<Context> result = new CompletableFuture<>();
    private final HeardLines heard = new HeardLines();
    private volatile @Nullable LaunchMethod method; // null when the attempt is over: it may have secrets
    private State state = State.NEW; // this and all below: inside turns
    private @Nullable Timer deadline;
    private @Nullable ChildProcess process;
    private @Nullable Stream stdout;
    private @Nullable Stream stderr;
    private @Nullable Conversation conversation;
    private @Nullable Link link;
    private @Nullable Boot
            boot; // null once what it has was sent: it is large, and this object lives as long as the context
    private int contextId;
    private int tries;
    private int triesAlone; // that were turned away, with nobody else of this parent at the door
    private @Nullable Reply.Failure turnedAway; // how the last try ended
    private boolean ending;
    private boolean over; // the attempt, whether it failed or not
    private boolean failing;
    private boolean commandRan;
    private boolean detached;
    private String name = "";
    private boolean logsStdio;

    Connection(Parenthood parenthood, LaunchMethod method) {
        this.parenthood = parenthood;
        this.broker = parenthood.router().broker();
        this.method = method;
        this.python = method.common().isPython();
        this.hop = parenthood.hopTo(method.common().describe(method));
    }

    @Override
    @AnyThread
    public CompletableFuture<Context> result() {
        return result;
    }

    @Override
    public int starterId() {
        return parenthood.router().identity().id();
    }

    @Override
    public void onBegin() {
        if (parenthood.hasOtherAttempts()) {
            parenthood.launch(this, this::awaitTurn);
        } else {
            beginTurn();
        }
    }

    /** Waits for a slot at the peers. On a launch thread; the deadline of the attempt runs from its turn. */
    private void awaitTurn() {
        LaunchMethod method = this.method;
        if (method != null) {
            Set<String> peers = method.peers();
            broker.tryDefer(() -> {
                if (!over) {
                    parenthood.peerTurns().enter(this, peers, this::beginTurn);
                }
            });
        }
    }

    private void beginTurn() {
        if (!over) {
            if (tries++ == 0) {
                deadline = broker.after(method.common().connectTimeout().toNanos(), this::onTimeout);
            }
            parenthood.launch(this, this::launch);
        }
    }

    private void launch() {
        LaunchMethod method = this.method;
        if (method == null) {
            return; // its deadline came while it waited for a launch thread
        }
        try {
            int id = parenthood.ids().allocate();
            Boot boot = parenthood.bootOf(method, id);
            LaunchSite site = new LaunchSite(boot.command(parenthood.processName(method)), parenthood.askPass());
            Launch launch = launchAt(method, site);
            Conversation talk = new Conversation(new Talking(), launch, site.nonce(), site.takeAnswers());
            ProcessStreams started = startProcess(launch, talk);
            if (started == null) {
                return;
            }
            try {
                boot.prepare(); // slow the first time: here it costs no turn, and the process starts meanwhile
            } catch (RuntimeException | Error e) {
                talk.close();
                started.discard(Runnable::run);
                throw e;
            }
            if (!broker.tryDefer(() -> onLaunched(id, boot, started, talk))) {
                talk.close();
                started.discard(Runnable::run);
            }
        } catch (BootRefusedException e) {
            broker.tryDefer(() -> fail(e.reason(), e.getMessage()));
        } catch (IOException e) {
            parenthood.failLaunch(this, Parenthood.NOT_STARTED + e.getMessage(), e);
        } catch (UncheckedIOException e) {
            parenthood.failLaunch(this, Parenthood.NOT_STARTED + e.getMessage(), e.getCause());
        }
    }

    private static Launch launchAt(LaunchMethod method, LaunchSite site) {
        Launch launch = null;
        try {
            launch = method.launch(site);
            return launch;
        } finally {
            AnswerPipe unused = launch == null ? site.takeAnswers() : null;
            if (unused != null) {
                unused.close();
            }
        }
    }

    /** Returns null where the failure was one that the dialogue knows: then it is told. */
    private @Nullable ProcessStreams startProcess(Launch launch, Conversation talk) throws IOException {
        try {
            return parenthood.starter().start(launch);
        } catch (IOException e) {
            talk.close();
            Reply.Failure meaning =
                    talk.explain(new Ending(List.of(String.valueOf(e.getMessage())), Ending.UNKNOWN, false));
            if (meaning == null) {
                throw e;
            }
            broker.tryDefer(() -> fail(meaning.reason(), meaning.text()));
            return null;
        } catch (RuntimeException | Error e) {
            talk.close();
            throw e;
        }
    }

    @BrokerThread
    private void onLaunched(int id, Boot chosen, ProcessStreams started, Conversation talk) {
        if (state != State.NEW) {
            talk.close();
            started.discard(parenthood.launchExecutor());
            return;
        }
        conversation = talk;
        talk.onStarted(started.process().toHandle());
        boot = chosen;
        become(State.LAUNCHED);
        contextId = id;
        String given = method.common().name();
        name = given != null ? given : method.defaultName(started.process().pid());
        process = new ChildProcess(
                broker, started.process(), parenthood.processTree(), parenthood.log(), this::onProcessEnd);
        stdout = new Stream(broker, name, started.stdout(), started.stdin());
        stderr = new Stream(broker, name + ".err", started.stderr(), NoTransmitSide.INSTANCE);
        stdout.protocol(new Handshake());
        stderr.protocol(new StandardError());
        try {
            process.watch();
            stdout.open();
            stderr.open();
        } catch (IOException | RuntimeException | Error e) { // with pumps, each needs a thread
            started.discard(parenthood.launchExecutor());
            parenthood.failLaunch(this, "its streams could not be opened: " + e.getMessage(), e);
        }
    }

    private void become(State next) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException(hop + ": " + state + " may not become " + next);
        }
        state = next;
    }

    // == Handshake ==

    /** Standard output until the first frame: markers, and whatever shells and profiles print. */
    private final class Handshake extends LineProtocol {
        private final Conversation.Ear ear = conversation.listen(this::takePartial);

        @Override
        protected void onLine(Stream stream, String line) {
            if (line.contains("MITO000")) {
                onFirstStage(stream);
            } else if (line.contains("MITO002")) {
                onReady(stream);
            } else if (line.startsWith("MITOERR ")) {
                onErrorLine(line.substring("MITOERR ".length()));
            } else if (line.equals("MITOSH")) {
                commandRan = true;
                parenthood.peerTurns().leave(Connection.this); // it was let in
                conversation.close(); // whatever stood between has nothing more to ask
            } else if (!line.contains("MITO001") && !ear.onLine(line)) {
                heard.add(line);
            }
        }

        @Override
        protected void onText(Stream stream, String text) {
            ear.onText(text);
        }

        @Override
        public void onClosed(Stream stream, String reason) {
            heard.add(takePartial());
            onOutputEnd(reason);
        }
    }

    private void onFirstStage(Stream stream) {
        if (state != State.LAUNCHED) {
            fail(ConnectException.Reason.BAD_HANDSHAKE, "the first stage announced itself twice");
            return;
        }
        become(State.BOOTING);
        conversation.close();
        Map<String, Object> settings = parenthood.settingsOf(method.common(), name);
        logsStdio = ((Number) settings.get("log_level")).intValue() <= Log.INFO;
        stream.send(boot.program(name, settings));
        boot = null;
    }

    private void onReady(Stream stream) {
        if (state != State.BOOTING) {
            fail(ConnectException.Reason.BAD_HANDSHAKE, "it claims to be ready before it was sent the core");
            return;
        }
        become(State.UP);
        if (python) {
            parenthood.notePython(contextId);
        }
        link = parenthood.router().connectChild(stream, contextId);
        stream.onHangUp(this::onHangUp);
        parenthood.watch(link, this);
        parenthood.deliver(this, parenthood.onChildUp(link, name, hop));
        end();
    }

    private void onErrorLine(String line) {
        int space = line.indexOf(' ');
        String code = space < 0 ? line : line.substring(0, space);
        String rest = space < 0 ? "" : line.substring(space + 1);
        Reply.Failure refusal = boot == null ? null : boot.refusal(code, rest);
        if (refusal != null) {
            fail(refusal.reason(), refusal.text());
        } else if (code.equals("no-terminal")) {
            fail(ConnectException.Reason.TERMINAL_REQUIRED, rest);
        } else {
            fail(ConnectException.Reason.BAD_HANDSHAKE, "unknown error of the first stage: " + line);
        }
    }

    /** Standard error: part of the explanation while the attempt lasts, log lines of the context afterwards. */
    private final class StandardError extends LineProtocol {
        private final Conversation.Ear ear = conversation.listen(this::takePartial);

        @Override
        protected void onLine(Stream stream, String line) {
            if (link != null) {
                if (logsStdio) {
                    parenthood.logLine(contextId, name, line);
                }
            } else if (line.startsWith("MITOERR ")) {
                onErrorLine(line.substring("MITOERR ".length()));
            } else if (!ear.onLine(line)) {
                heard.add(line);
            }
        }

        @Override
        protected void onText(Stream stream, String text) {
            if (link == null) {
                ear.onText(text);
            }
        }

        @Override
        public void onShutdown(Stream stream) {
            if (detached) { // else its process is watched, and ends
                stream.close("its context detached");
            }
        }

        @Override
        public void onClosed(Stream stream, String reason) {
            String rest = takePartial();
            if (!rest.isEmpty()) {
                onLine(stream, rest);
            }
            maybeExplainEnd();
            forgetDetached();
        }
    }

    /** What the conversation knows of this attempt. */
    private final class Talking implements Conversation.Owner {
        private final Executor lane = parenthood.contexts().newLane();

        @Override
        public Broker broker() {
            return broker;
        }

        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public String target() {
            return hop.method();
        }

        @Override
        public QuestionHandler handler() {
            LaunchMethod asking = method;
            return asking == null ? null : asking.questionHandler();
        }

        @Override
        public Executor callbacks() {
            return lane;
        }

        @Override
        public void type(byte[] line) {
            stdout.send(queue -> queue.appendGiven(line));
        }

        @Override
        public void fail(ConnectException.Reason reason, String text) {
            Connection.this.fail(reason, text);
        }
    }

    // == The end ==

    private void onTimeout() {
        if (turnedAway != null && state == State.NEW) {
            fail(turnedAway.reason(), turnedAway.text() + "; tried " + tries + " times");
        } else if (state != State.UP) {
            String missing = state == State.BOOTING
                    ? "the core was sent, but it did not become ready"
                    : state == State.LAUNCHED ? "its first stage did not answer" : "its process was not started";
            String pending = conversation == null ? "" : conversation.pending().strip();
            fail(
                    ConnectException.Reason.TIMEOUT,
                    missing + " within " + method.common().connectTimeout().toMillis() + " ms"
                            + (pending.isEmpty() ? "" : "; it may be waiting for an answer to \"" + pending + "\"")
                            + TargetFailure.remark(heard.toList()));
        }
    }

    /** Standard output ended. */
    private void onOutputEnd(String reason) {
        if (state == State.CLOSED) {
            return;
        }
        ChildProcess ended = process;
        broker.after(LAST_WORDS_NS, () -> {
            if (process == ended && !isBetweenTries()) {
                explainEnd(reason);
            }
        });
        maybeExplainEnd();
    }

    private void onProcessEnd() {
        Stream errors = stderr;
        if (state == State.UP) {
            onHangUp();
        } else {
            maybeExplainEnd();
        }
        broker.after(LAST_WORDS_NS, () -> errors.close(Stream.HANG_UP)); // somebody else may hold its other end
    }

    private boolean isBetweenTries() {
        return process == null;
    }

    private void maybeExplainEnd() {
        if (!isBetweenTries() && stdout.isClosed() && stderr.isClosed() && process.status() != null) {
            explainEnd("");
        }
    }

    private void explainEnd(String reason) {
        if (state != State.UP && state != State.CLOSED) {
            String status = process.status();
            Reply.Failure meaning = meaningOfEnd("it ended before it was ready: " + (status == null ? reason : status));
            if (maybeTryAgain(meaning)) {
                return;
            }
            meaning = tries == 1
                    ? meaning
                    : new Reply.Failure(meaning.reason(), meaning.text() + "; tried " + tries + " times");
            fail(meaning.reason(), meaning.text() + conversation.aboutLength(meaning.reason(), commandRan));
        }
    }

    /** Begins anew within the same deadline, behind others perhaps, when a peer turned this attempt away before any login. */
    private boolean maybeTryAgain(Reply.Failure meaning) {
        boolean hasEnded = stdout.isClosed() && stderr.isClosed() && process.status() != null;
        Ending ending = new Ending(heard.toList(), process.exitStatus(), commandRan);
        if (!hasEnded || commandRan || !conversation.mayTryAgain(ending)) {
            return false;
        }
        triesAlone += parenthood.peerTurns().turnAway(this) ? 0 : 1;
        if (triesAlone == MAX_TRIES) {
            return false;
        }
        conversation.forget();
        conversation = null;
        process = null;
        heard.clear();
        turnedAway = meaning;
        state = State.NEW;
        broker.after(FIRST_BACKOFF_NS << Math.max(triesAlone - 1, 0), () -> parenthood.launch(this, this::awaitTurn));
        return true;
    }

    /** Once the command ran, what it started says more than a tool on the way. */
    private Reply.Failure meaningOfEnd(String end) {
        List<String> words = heard.toList();
        Ending ending = new Ending(words, process.exitStatus(), commandRan);
        Reply.Failure ofTarget = TargetFailure.in(words);
        Reply.Failure ofTool = commandRan && ofTarget != null ? null : conversation.explain(ending);
        if (ofTool != null) {
            return ofTool;
        }
        return ofTarget != null
                ? new Reply.Failure(ofTarget.reason(), end + "; " + ofTarget.text())
                : new Reply.Failure(
                        ConnectException.Reason.EXITED,
                        end + (commandRan ? TargetFailure.remark(ending.exitStatus()) : ""));
    }

    /**
     * The link of a context that is up ends: its process ended, it closed its end, or nothing can be sent to it any more. Mostly
     * all three are near, so the link is closed when nothing more can come, and why is known.
     */
    private void onHangUp() {
        if (!ending) {
            ending = true;
            broker.after(LAST_WORDS_NS, this::closeLink);
        }
        if (stdout.isHungUp() && process.status() != null) {
            closeLink();
        }
    }

    private void closeLink() {
        String status = process.status();
        String how = status != null ? status : detached ? "it detached" : Stream.HANG_UP;
        stdout.close("process " + process.pid() + ": " + how);
    }

    /** The context goes its own way: its process is not ended with its link. Returns false when that is known already. */
    @BrokerThread
    boolean onDetaching() {
        if (detached) {
            return false;
        }
        detached = true;
        parenthood.spare(process.handle());
        return true;
    }

    /** The link of a context that was up is closed. */
    void onLinkGone() {
        if (state != State.CLOSED) {
            become(State.CLOSED);
        }
        if (detached) {
            process.release();
            forgetDetached();
        } else {
            process.reap();
        }
    }

    /** Stops watching a detached process, which may live for years, once nobody reads its standard error. */
    private void forgetDetached() {
        if (detached && state == State.CLOSED && stderr.isClosed()) {
            process.forget();
        }
    }

    @Override
    public String toString() {
        return "connecting " + hop;
    }

    @Override
    public void fail(ConnectException.Reason reason, String text) {
        if (over || failing) {
            return;
        }
        failing = true; // its streams report their end here as well
        try {
            if (state != State.CLOSED) {
                become(State.CLOSED);
            }
            if (process != null) {
                process.reap();
                stdout.close(reason.toString());
                stderr.close(reason.toString());
            }
        } finally {
            failing = false; // after an error the end of the broker calls this again
        }
        ConnectException failure = conversation == null
                ? hop.failure(reason, text, List.of())
                : hop.failure(reason, conversation.withoutAnswers(text), heard.without(conversation::withoutAnswers));
        parenthood.deliver(this, failure);
        end();
    }

    /** The attempt is over, well or not. */
    private void end() {
        method = null;
        boot = null;
        heard.clear();
        if (deadline != null) {
            deadline.cancel();
        }
        if (conversation != null) {
            conversation.forget();
        }
        parenthood.onOver(this);
        over = true;
    }
}
