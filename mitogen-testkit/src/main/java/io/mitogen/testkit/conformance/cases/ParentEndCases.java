// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import static io.mitogen.testkit.conformance.cases.Case.parentAtEnd;

import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Handle;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.Repr;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** How a parent ends the link to a child, or sees it end. */
final class ParentEndCases {
    private ParentEndCases() {}

    static List<Case> cases() {
        return List.of(
                parentAtEnd(
                        "parent.end.shutdown",
                        "before it ends the link, the parent sends SHUTDOWN with its own authority, which wants no answer",
                        ParentEndCases::shutdown),
                parentAtEnd(
                        "parent.end.bad-magic",
                        "a frame that begins with anything but 4d49, 4d4a or 4d4b ends the link",
                        ParentEndCases::badMagic),
                parentAtEnd(
                        "parent.end.oversize",
                        "a frame that claims one byte more than max_message_size ends the link, before that byte is sent",
                        ParentEndCases::oversize),
                parentAtEnd(
                        "parent.end.detach",
                        "DETACHING is answered with a value to the child itself, once, and the link stays open",
                        ParentEndCases::detach));
    }

    private static String shutdown(ParentStand stand) throws Deviation, NotApplicable {
        Link link = stand.awaitEnd();
        Frame frame = link.await(0, "SHUTDOWN before the end", each -> each.handle() == Handle.SHUTDOWN);
        Check.equal("dst_id", link.ownId(), frame.dst());
        Check.equal("src_id", link.peerId(), frame.src());
        Check.equal("auth_id", link.peerId(), frame.auth());
        Check.equal("reply_to", 0, frame.replyTo());
        Check.equal("bytes in it", 0, frame.body().length);
        return frame.toString();
    }

    private static String badMagic(ParentStand stand) throws Deviation, NotApplicable {
        byte[] bytes = new byte[Frame.HEADER_BYTES];
        Arrays.fill(bytes, (byte) 'x');
        stand.link().write(bytes);
        stand.awaitRefusal("the link ends after a bad frame");
        return "the link was closed";
    }

    private static String oversize(ParentStand stand) throws Deviation, NotApplicable {
        Link link = stand.link();
        long limit = stand.preamble().maxMessageBytes();
        ByteBuffer header =
                ByteBuffer.wrap(link.frame(ParentStand.UNUSED, 0, new byte[0]).toBytes());
        link.write(header.putInt(Frame.HEADER_BYTES - 4, (int) (limit + 1)).array());
        stand.awaitRefusal("the link ends after a frame that claims " + (limit + 1) + " bytes");
        return "the link was closed";
    }

    private static String detach(ParentStand stand) throws Deviation, NotApplicable {
        int below = stand.newDescendant("below");
        Link link = stand.link();
        Frame stranger =
                link.frame(Handle.DETACHING, link.newHandle(), new byte[0]).from(below, below);
        link.send(stranger);
        Object value = Link.value(stand.probe(Handle.DETACHING, new byte[0]));
        Frame second = link.frame(Handle.DETACHING, link.newHandle(), new byte[0]);
        link.send(second);
        stand.fence();
        Check.none(link, 0, "answer to a second one", frame -> frame.handle() == second.replyTo());
        Check.none(
                link, 0, "value for a context below", frame -> frame.handle() == stranger.replyTo() && !frame.isDead());
        return Repr.brief(value);
    }
}
