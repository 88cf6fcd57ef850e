// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.reference;

import io.mitogen.testkit.conformance.peer.Handle;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.peer.Told;
import io.mitogen.testkit.conformance.wire.Frame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A context: routing and handles. All under one lock, but for the calls, which have a thread of their own. */
final class MiniContext {
    private static final long CHILDREN_MS = 500;

    final Told told;
    final Mutation mutation;
    final MiniLink parent;
    private final CountDownLatch ended = new CountDownLatch(1);
    final MiniModules modules = new MiniModules(this);
    private final MiniCalls calls;
    private final Map<Integer, MiniLink> routes = new HashMap<>();
    private final List<MiniLink> children = new ArrayList<>();
    private final Map<Integer, Waiting> waiting = new ConcurrentHashMap<>();
    private boolean ending;
    private boolean detached;
    private boolean isParent;
    private int nextHandle = Handle.FIRST_DYNAMIC;

    /** Somebody who waits for one answer. */
    private record Waiting(int respondent, CompletableFuture<Frame> answer) {}

    /** How programs for children are started. */
    interface Launcher {
        Started start(String program) throws IOException;
    }

    /** A program that was started; its process is null where it is a thread. */
    record Started(Link.Streams link, Process process) {}

    MiniContext(Told told, MiniLink parent, Mutation mutation, Launcher launcher) {
        this.calls = new MiniCalls(this, launcher);
        this.told = told;
        this.parent = parent;
        this.mutation = mutation;
    }

    int id() {
        return told.id();
    }

    int parentId() {
        return told.parentIds().get(0);
    }

    /** Serves until the end. */
    void run() throws InterruptedException {
        calls.start();
        Thread reader = new Thread(
                () -> {
                    read(parent);
                    end();
                },
                "mini link to the parent");
        reader.setDaemon(true);
        reader.start();
        ended.await();
    }

    private void read(MiniLink link) {
        try {
            int limit = told.number("max_message_size");
            for (Frame frame = link.read(limit, mutation); frame != null; frame = link.read(limit, mutation)) {
                receive(frame, link);
            }
        } catch (IOException expected) { // corrupt, or gone: the same
            return;
        }
    }

    /** Begins to end: children first. Returns at once. */
    synchronized void end() {
        if (ending || detached) {
            return;
        }
        ending = true;
        for (MiniLink child : children) {
            child.send(new Frame(Frame.MGC, child.peerId, id(), id(), Handle.SHUTDOWN, 0, new byte[0]));
        }
        Thread thread = new Thread(this::finish, "mini end");
        thread.setDaemon(true);
        thread.start();
    }

    private synchronized boolean isEnding() {
        return ending;
    }

    private void finish() {
        synchronized (this) {
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CHILDREN_MS);
            for (long left = CHILDREN_MS; !children.isEmpty() && left > 0; ) {
                try {
                    wait(left);
                } catch (InterruptedException expected) { // it ends anyway
                    break;
                }
                left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            }
            children.forEach(MiniLink::close);
        }
        calls.stop();
        parent.close();
        ended.countDown();
    }

    /** Leaves the tree and goes on. */
    synchronized void detach() {
        detached = true;
        parent.close();
    }

    // == Routing ==

    private MiniLink towards(int id) {
        return routes.getOrDefault(id, parent);
    }

    synchronized void receive(Frame frame, MiniLink in) {
        boolean authentic = towards(frame.auth()) == in || mutation == Mutation.TRUSTS_AUTH;
        boolean own = frame.src() == frame.auth() || towards(frame.src()) == in || mutation == Mutation.TRUSTS_SRC;
        if (!authentic || !own) {
            return;
        }
        in.egress.add(frame.dst());
        if (frame.dst() == id()) {
            deliver(frame, in);
            return;
        }
        MiniLink out = routes.get(frame.dst());
        if (out == null && (in != parent || isParent && mutation == Mutation.BACK_TO_PARENT)) {
            out = parent;
        }
        if (out == in && mutation == Mutation.NEVER_BACK) {
            return;
        }
        boolean between = in != parent && out != parent;
        boolean oneWay = Boolean.TRUE.equals(told.configuration().get("unidirectional"));
        if (out == null) {
            String me = mutation == Mutation.WRONG_DEAD_TEXT ? "" : ", my ID is " + id();
            bounce(frame, "no route to " + Integer.toUnsignedString(frame.dst()) + me);
        } else if (oneWay && between && mutation != Mutation.IGNORES_DIRECTION) {
            bounce(
                    frame,
                    "routing mode prevents forward of message from context " + in.peerId + " to context " + out.peerId
                            + " via context " + id());
        } else {
            out.send(frame);
        }
    }

    /** Sends something of this context. */
    synchronized void send(int dst, int handle, int replyTo, byte[] body) {
        send(new Frame(Frame.MGC, dst, id(), id(), handle, replyTo, body));
    }

    synchronized void send(Frame frame) {
        int limit = told.number("max_message_size");
        if (frame.body().length > limit) {
            byte[] reason = ("message too large (max " + limit + " bytes)").getBytes(StandardCharsets.UTF_8);
            towards(frame.dst())
                    .send(new Frame(Frame.MGC, frame.dst(), id(), id(), frame.handle(), Frame.DEAD, reason));
        } else {
            towards(frame.dst()).send(frame);
        }
    }

    void bounce(Frame frame, String reason) {
        boolean answer = frame.replyTo() != 0 && !frame.isDead();
        if (answer || frame.isDead() && mutation == Mutation.ANSWERS_DEAD) {
            send(frame.src(), frame.replyTo(), Frame.DEAD, reason.getBytes(StandardCharsets.UTF_8));
        }
    }

    // == Handles ==

    private boolean hasAuthority(Frame frame) {
        return frame.auth() == id() || told.parentIds().contains(frame.auth());
    }

    private void deliver(Frame frame, MiniLink in) {
        if (frame.handle() < 0 && mutation == Mutation.SIGNED_HANDLES) {
            return;
        }
        if (mutation == Mutation.ENDS_WHEN_TOLD_OF_AN_END
                && (isEnding() || frame.isDead() && frame.handle() < Handle.FIRST_DYNAMIC)) {
            end();
            return; // it answers nothing more, however long its end takes
        }
        boolean peer = frame.src() == in.peerId;
        switch (frame.handle()) {
            case Handle.CALL_FUNCTION -> take(frame, hasAuthority(frame), () -> calls.take(frame));
            case Handle.SHUTDOWN ->
                take(frame, hasAuthority(frame) || mutation == Mutation.NO_SHUTDOWN_POLICY, this::end);
            case Handle.LOAD_MODULE -> take(frame, hasAuthority(frame), () -> modules.onLoaded(frame));
            case Handle.DEL_ROUTE -> take(frame, peer, () -> onDeleted(frame, in));
            default -> {
                if (!isParent || !deliverToParent(frame, in, peer)) {
                    answer(frame);
                }
            }
        }
    }

    private boolean deliverToParent(Frame frame, MiniLink in, boolean peer) {
        switch (frame.handle()) {
            case Handle.GET_MODULE -> take(frame, peer, () -> modules.onRequest(frame.text(), in));
            case Handle.ADD_ROUTE -> take(frame, peer, () -> onAdded(frame, in));
            case Handle.FORWARD_MODULE -> take(frame, hasAuthority(frame), () -> onForward(frame));
            case Handle.DETACHING -> send(frame.src(), frame.replyTo(), 0, new byte[] {(byte) 0x80, 2, 'N', '.'});
            default -> {
                return false;
            }
        }
        return true;
    }

    private void take(Frame frame, boolean allowed, Runnable action) {
        if (allowed) {
            action.run();
        } else {
            bounce(frame, "refused by policy");
        }
    }

    private void answer(Frame frame) {
        Waiting found = waiting.get(frame.handle());
        if (found == null) {
            bounce(frame, "invalid handle");
        } else if (found.respondent() != frame.src() && !frame.isDead() && mutation != Mutation.ANY_RESPONDENT) {
            bounce(frame, "reply from unexpected context");
        } else {
            waiting.remove(frame.handle());
            found.answer().complete(frame);
        }
    }

    /** Asks {@code respondent} and returns its answer. */
    CompletableFuture<Frame> ask(int respondent, int handle) {
        CompletableFuture<Frame> answer = new CompletableFuture<>();
        synchronized (this) {
            int own = nextHandle++;
            waiting.put(own, new Waiting(respondent, answer));
            send(respondent, handle, own, new byte[0]);
        }
        return answer;
    }

    // == Children ==

    synchronized void becomeParent() {
        isParent = true;
    }

    synchronized void addChild(MiniLink child, String name) {
        children.add(child);
        routes.put(child.peerId, child);
        text(parentId(), Handle.ADD_ROUTE, child.peerId + ":" + name);
        Thread reader = new Thread(
                () -> {
                    read(child);
                    onLost(child);
                },
                "mini link to " + child.peerId);
        reader.setDaemon(true);
        reader.start();
    }

    MiniLink child(int id) {
        return routes.get(id);
    }

    void text(int dst, int handle, String text) {
        send(dst, handle, 0, text.getBytes(StandardCharsets.UTF_8));
    }

    private synchronized void onLost(MiniLink child) {
        child.close();
        if (mutation != Mutation.LEAVES_CHILDREN) {
            child.endProcess();
        }
        children.remove(child);
        for (Integer id : List.copyOf(routes.keySet())) {
            if (routes.get(id) == child) {
                forget(id);
                text(parentId(), Handle.DEL_ROUTE, id.toString());
            }
        }
        notifyAll();
    }

    private void forget(int id) {
        routes.remove(id);
        byte[] reason = "the respondent Context has disconnected".getBytes(StandardCharsets.UTF_8);
        for (Map.Entry<Integer, Waiting> each : List.copyOf(waiting.entrySet())) {
            if (each.getValue().respondent() == id && mutation != Mutation.LEAVES_WAITING) {
                waiting.remove(each.getKey());
                each.getValue()
                        .answer()
                        .complete(new Frame(Frame.MGC, id(), id(), id(), each.getKey(), Frame.DEAD, reason));
            }
        }
        for (MiniLink child : children) {
            if (child.egress.contains(id) && mutation != Mutation.KEEPS_ROUTE_LOSS_TO_ITSELF) {
                text(child.peerId, Handle.DEL_ROUTE, Integer.toString(id));
            }
        }
    }

    private static Integer number(String text) {
        return text.matches("\\d{1,9}") ? Integer.valueOf(text) : null;
    }

    private void onAdded(Frame frame, MiniLink in) {
        String[] parts = frame.text().split(":", 2);
        Integer id = number(parts[0]);
        if (id == null
                || in == parent
                || parts.length < 2 && mutation == Mutation.NAMED_ROUTES_ONLY
                || routes.containsKey(id)
                || id == id()
                || told.parentIds().contains(id)) {
            return;
        }
        routes.put(id, in);
        text(parentId(), Handle.ADD_ROUTE, frame.text());
    }

    private void onDeleted(Frame frame, MiniLink in) {
        Integer id = number(frame.text());
        if (id != null && (in == parent || routes.get(id) == in)) {
            forget(id);
            if (in != parent) {
                text(parentId(), Handle.DEL_ROUTE, id.toString());
            }
        }
    }

    private void onForward(Frame frame) {
        String[] parts = frame.text().split("\0", 2);
        MiniLink link = routes.get(Objects.requireNonNullElse(number(parts[0]), -1));
        if (link != null && parts.length == 2) {
            modules.send(parts[1], link);
        }
    }
}
