// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import static io.mitogen.testkit.conformance.cases.Case.listener;

import io.mitogen.testkit.conformance.peer.Call;
import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Handle;
import io.mitogen.testkit.conformance.peer.Limits;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.peer.UnixSocket;
import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.PickleOut;
import io.mitogen.testkit.conformance.wire.Repr;
import io.mitogen.testkit.conformance.wire.Tuple;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;

/** Unix sockets: how a client joins, what it may do, and what it cannot do to others. */
final class ListenerCases {
    private static final byte[] NOTHING = {};

    private ListenerCases() {}

    static List<Case> cases() {
        return List.of(
                listener("unix.mode", "nobody but the user may use the socket: its mode is 0600", ListenerCases::mode),
                listener(
                        "unix.handshake",
                        "four bytes, the client's process, are answered with twelve: its id, the listener's id and process",
                        ListenerCases::handshake),
                listener("unix.ids", "clients have different ids", ListenerCases::ids),
                listener(
                        "unix.hello-short",
                        "a client that leaves in the middle of its four bytes disturbs nobody",
                        ListenerCases::helloShort),
                listener(
                        "unix.hello-pieces",
                        "a client whose four bytes come in pieces disturbs nobody",
                        ListenerCases::helloPieces),
                listener(
                        "unix.hello-none", "a client that says nothing keeps nobody waiting", ListenerCases::helloNone),
                listener(
                        "unix.handles",
                        "a listener that is a master has no handle 101, 106 or 107 for clients: invalid handle",
                        ListenerCases::handles),
                listener("unix.allocate-id", "a client that asks gets a block of 1000 ids", ListenerCases::allocateId),
                listener(
                        "unix.auth-of-listener",
                        "a frame with the authority of the listener is dropped without an answer",
                        ListenerCases::authOfListener),
                listener(
                        "unix.src-of-other",
                        "a frame with the source of another context is dropped",
                        ListenerCases::srcOfOther),
                listener(
                        "unix.auth-stamped",
                        "what a client sends to others has the authority of the listener, and its own source",
                        ListenerCases::authStamped),
                listener(
                        "unix.context",
                        "a context below the listener takes a client's call as the listener's own",
                        ListenerCases::context),
                listener(
                        "unix.nowhere",
                        "what is for nobody comes back dead: no route to D, my ID is M",
                        ListenerCases::nowhere),
                listener("unix.add-route", "a client cannot have contexts below it", ListenerCases::addRoute),
                listener("unix.dead-unanswered", "nothing answers a dead message", ListenerCases::deadUnanswered),
                listener("unix.bad-magic", "a bad frame ends the link of that client alone", ListenerCases::badMagic),
                listener(
                        "unix.oversize",
                        "a frame that claims four GiB ends the link of that client alone",
                        ListenerCases::oversize),
                listener(
                        "unix.client-gone",
                        "a client that leaves in the middle of a frame is not reached any more, and disturbs nobody",
                        ListenerCases::clientGone),
                listener(
                        "unix.context-gone",
                        "a client may end a context below the listener, and is told with DEL_ROUTE when one is gone that it has spoken with",
                        ListenerCases::contextGone));
    }

    // == How a client joins ==

    private static String mode(ListenerStand stand) throws Deviation, IOException {
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(stand.path()));
        Check.equal("mode", "rw-------", mode);
        return mode;
    }

    private static String handshake(ListenerStand stand) throws Deviation, IOException {
        UnixSocket socket = stand.connect();
        socket.hello();
        UnixSocket.Welcome welcome = socket.welcome();
        Check.that(welcome.id() > 0, "an id above 0", String.valueOf(welcome));
        Check.that(welcome.id() != welcome.listenerId(), "an id of its own", String.valueOf(welcome));
        Check.that(
                ProcessHandle.of(welcome.listenerPid()).isPresent(),
                "the process of the listener",
                String.valueOf(welcome));
        ListenerStand.fence(socket.link(welcome));
        return welcome.toString();
    }

    private static String ids(ListenerStand stand) throws Deviation, IOException {
        Link first = stand.fresh();
        Link second = stand.fresh();
        Check.that(first.ownId() != second.ownId(), "two ids", "twice " + first.ownId());
        ListenerStand.fence(first);
        ListenerStand.fence(second);
        first.close();
        Link third = stand.fresh();
        Check.that(
                third.ownId() != first.ownId() && third.ownId() != second.ownId(),
                "a third id",
                "once more " + third.ownId());
        return first.ownId() + ", " + second.ownId() + ", " + third.ownId();
    }

    private static String helloShort(ListenerStand stand) throws Deviation, IOException {
        stand.link();
        UnixSocket socket = stand.connect();
        socket.write((byte) 0, (byte) 0);
        socket.closeOutput();
        int answered = socket.read(1).length;
        Check.equal("bytes that were answered", 0, answered);
        stand.connect().close();
        stand.checkAlive();
        return "the connection was closed; others are served";
    }

    private static String helloPieces(ListenerStand stand) throws Deviation, IOException {
        stand.link();
        UnixSocket socket = stand.connect();
        socket.write((byte) 0, (byte) 0);
        byte[] answered;
        try {
            socket.write((byte) 1, (byte) 1);
            answered = socket.read(12);
        } catch (Deviation expected) { // it was turned away before the second piece
            answered = new byte[0];
        }
        Check.that(
                answered.length == 0 || answered.length == 12,
                "a welcome of 12 bytes, or the end",
                answered.length + " bytes");
        stand.checkAlive();
        return answered.length == 0 ? "it was turned away; others are served" : "it was welcome; others are served";
    }

    private static String helloNone(ListenerStand stand) throws Deviation, IOException {
        Link link = stand.link();
        UnixSocket silent = stand.connect();
        UnixSocket other = stand.connect();
        other.hello();
        try {
            UnixSocket.Welcome welcome = other.welcome();
            ListenerStand.fence(other.link(welcome));
        } catch (Deviation e) {
            silent.close();
            throw new Deviation("another client is served meanwhile", "it waits");
        }
        ListenerStand.fence(link);
        return "others are served meanwhile";
    }

    // == What a client may do ==

    private static void needMaster(Link link) throws NotApplicable {
        if (link.peerId() != 0) {
            throw new NotApplicable("the listener is context " + link.peerId() + ", not a master");
        }
    }

    private static String handles(ListenerStand stand) throws Deviation, NotApplicable, IOException {
        Link link = stand.link();
        needMaster(link);
        byte[] call = Call.of("os", "getpid").toBytes();
        byte[] module = PickleOut.toBytes(Tuple.of("kit", null, null, null, Tuple.of()));
        Check.dead(
                ListenerStand.ask(link, link.frame(Handle.CALL_FUNCTION, link.newHandle(), call)),
                Check.INVALID_HANDLE);
        Check.dead(
                ListenerStand.ask(link, link.frame(Handle.SHUTDOWN, link.newHandle(), NOTHING)), Check.INVALID_HANDLE);
        Check.dead(
                ListenerStand.ask(link, link.frame(Handle.LOAD_MODULE, link.newHandle(), module)),
                Check.INVALID_HANDLE);
        return "three times " + Check.INVALID_HANDLE;
    }

    private static String allocateId(ListenerStand stand) throws Deviation, IOException {
        Link link = stand.link();
        Object range = Link.value(ListenerStand.ask(
                link, link.frame(Handle.ALLOCATE_ID, link.newHandle(), NOTHING).to(0)));
        Check.that(
                range instanceof Tuple tuple
                        && tuple.size() == 2
                        && tuple.get(0) instanceof Number first
                        && tuple.get(1) instanceof Number end
                        && end.intValue() - first.intValue() == 1000
                        && first.intValue() > link.ownId(),
                "a tuple of two numbers, 1000 apart",
                String.valueOf(range));
        return Repr.of(range);
    }

    private static String authOfListener(ListenerStand stand) throws Deviation, IOException {
        Link link = stand.link();
        for (int auth : new int[] {link.peerId(), 0, ParentRouteCases.NOWHERE}) {
            Frame forged =
                    link.frame(ParentStand.UNUSED, link.newHandle(), NOTHING).from(link.ownId(), auth);
            int mark = link.mark();
            link.send(forged);
            ListenerStand.fence(link);
            Check.that(
                    link.since(mark).stream().noneMatch(frame -> frame.handle() == forged.replyTo()),
                    "no answer to a frame with the authority of " + auth,
                    link.told(mark));
        }
        return "no answer";
    }

    private static String srcOfOther(ListenerStand stand) throws Deviation, IOException {
        Link link = stand.link();
        Link other = stand.fresh();
        int mark = other.mark();
        for (int src : new int[] {link.peerId(), other.ownId(), ParentRouteCases.NOWHERE}) {
            for (int auth : new int[] {link.ownId(), src}) {
                link.send(link.frame(other.newHandle(), 0, NOTHING)
                        .to(other.ownId())
                        .from(src, auth));
            }
        }
        Frame honest = link.frame(other.newHandle(), 0, NOTHING).to(other.ownId());
        link.send(honest);
        Frame first = other.await(mark, "a frame of another client", frame -> frame.handle() >= Handle.FIRST_DYNAMIC);
        Check.equal("handle of the first that came", honest.handle(), first.handle());
        return "none of six came, the next one did";
    }

    private static String authStamped(ListenerStand stand) throws Deviation, IOException {
        Link link = stand.link();
        Link other = stand.fresh();
        Frame sent = link.frame(other.newHandle(), 0, new byte[] {1, 2}).to(other.ownId());
        link.send(sent);
        Frame came = other.await(0, "a frame of another client", frame -> frame.handle() == sent.handle());
        Check.equal("auth_id", link.peerId(), came.auth());
        Check.equal("src_id", link.ownId(), came.src());
        Check.that(Arrays.equals(sent.body(), came.body()), "the same body", came.toString());
        return came.toString();
    }

    private static String context(ListenerStand stand) throws Deviation, NotApplicable, IOException {
        Link link = stand.link();
        int context = stand.context();
        Frame answer = ListenerStand.ask(
                link,
                link.frame(
                                Handle.CALL_FUNCTION,
                                link.newHandle(),
                                Call.of("operator", "add", 20, 3).toBytes())
                        .to(context));
        Check.that(!answer.isDead(), "a result, or a CallError where there is no such function", answer.toString());
        Check.equal("src_id", context, answer.src());
        return answer.toString();
    }

    private static String nowhere(ListenerStand stand) throws Deviation, IOException {
        Link link = stand.link();
        Frame answer = ListenerStand.ask(
                link, link.frame(ParentStand.UNUSED, link.newHandle(), NOTHING).to(ParentRouteCases.NOWHERE));
        Check.dead(answer, noRoute(ParentRouteCases.NOWHERE, answer));
        return answer.toString();
    }

    private static String noRoute(int id, Frame answer) {
        return "no route to " + id + ", my ID is " + answer.src();
    }

    private static String addRoute(ListenerStand stand) throws Deviation, IOException {
        Link link = stand.link();
        Link other = stand.fresh();
        int id = link.ownId() + 500_000;
        link.send(link.frame(Handle.ADD_ROUTE, 0, (id + ":kit").getBytes(StandardCharsets.US_ASCII)));
        ListenerStand.fence(link);
        Frame answer = ListenerStand.ask(
                other,
                other.frame(ParentStand.UNUSED, other.newHandle(), NOTHING).to(id));
        Check.dead(answer, noRoute(id, answer));
        return answer.toString();
    }

    // == What a client cannot do to others ==

    private static String deadUnanswered(ListenerStand stand) throws Deviation, IOException {
        Link link = stand.link();
        int mark = link.mark();
        link.send(link.frame(ParentStand.UNUSED, Frame.DEAD, NOTHING));
        link.send(link.frame(ParentStand.UNUSED, Frame.DEAD, NOTHING).to(ParentRouteCases.NOWHERE));
        ListenerStand.fence(link);
        Check.equal("frames that came", 1, link.mark() - mark);
        return "nothing but the answer to the next frame";
    }

    private static String badMagic(ListenerStand stand) throws Deviation, IOException {
        stand.link();
        Link bad = stand.fresh();
        byte[] bytes = new byte[Frame.HEADER_BYTES];
        Arrays.fill(bytes, (byte) 'x');
        bad.write(bytes);
        bad.awaitEnd("the link ends after a bad frame");
        stand.checkAlive();
        return "the link was closed; others are served";
    }

    private static String oversize(ListenerStand stand) throws Deviation, IOException {
        stand.link();
        Link bad = stand.fresh();
        ByteBuffer header =
                ByteBuffer.wrap(bad.frame(ParentStand.UNUSED, 0, NOTHING).toBytes());
        bad.write(header.putInt(Frame.HEADER_BYTES - 4, -1).array());
        bad.awaitEnd("the link ends after a frame that claims four GiB");
        stand.checkAlive();
        return "the link was closed; others are served";
    }

    private static String clientGone(ListenerStand stand) throws Deviation, IOException {
        Link link = stand.link();
        Link other = stand.fresh();
        int id = other.ownId();
        ListenerStand.fence(other);
        other.write(
                Arrays.copyOf(other.frame(ParentStand.UNUSED, 0, new byte[100]).toBytes(), 50));
        other.close();
        stand.checkAlive();
        Frame answer = stand.awaitUnreachable(link, id);
        Check.dead(answer, noRoute(id, answer));
        return answer.toString();
    }

    private static String contextGone(ListenerStand stand) throws Deviation, NotApplicable, IOException {
        Link link = stand.link();
        int context = stand.context();
        int mark = link.mark();
        link.send(link.frame(Handle.SHUTDOWN, 0, NOTHING).to(context));
        Frame told = link.await(
                mark,
                "DEL_ROUTE for context " + context,
                frame -> frame.handle() == Handle.DEL_ROUTE && frame.text().equals(String.valueOf(context)),
                Limits.END);
        Check.equal("src_id", link.peerId(), told.src());
        return told + " \"" + told.text() + "\"";
    }
}
