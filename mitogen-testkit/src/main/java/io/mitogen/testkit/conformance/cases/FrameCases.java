// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import static io.mitogen.testkit.conformance.cases.Case.child;

import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Handle;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.peer.Peer;
import io.mitogen.testkit.conformance.peer.Wanted;
import io.mitogen.testkit.conformance.wire.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Frames: what stands in their headers, and how they are cut out of a stream of bytes. */
final class FrameCases {
    private static final int SMALL_LIMIT = 64 * 1024;
    private static final int UNUSED = 4000;

    private FrameCases() {}

    static List<Case> cases() {
        return List.of(
                child(
                        "frames.header-fields",
                        "an answer goes to src_id and reply_to of its request, with the answering context as src_id and auth_id, and wants no answer",
                        FrameCases::headerFields),
                child("frames.partial-delivery", "a frame may come byte by byte", FrameCases::partialDelivery),
                child(
                        "frames.back-to-back",
                        "many frames may come in one piece; their order is kept",
                        FrameCases::backToBack),
                child("frames.cut-anywhere", "two frames may be cut at any byte", FrameCases::cutAnywhere),
                child("frames.empty-body", "a body may be empty", FrameCases::emptyBody),
                child("frames.large-body", "a body may be far larger than what is read at once", FrameCases::largeBody),
                child("frames.unsigned-numbers", "ids and handles are unsigned", FrameCases::unsignedNumbers),
                child(
                        "frames.nothing-unasked",
                        "a child says nothing by itself at level INFO",
                        FrameCases::nothingUnasked),
                child(
                        "frames.largest-body",
                        "a body of exactly max_message_size bytes is accepted",
                        FrameCases::largestBody),
                child(
                        "frames.oversize",
                        "a header that claims one byte more ends the link at once",
                        FrameCases::oversize),
                child(
                        "frames.bad-magic",
                        "a header that begins with anything else ends the link at once",
                        FrameCases::badMagic),
                child("frames.enc-pickle", "a header may begin with 4d4a", bench -> enc(bench, Frame.PKL)),
                child("frames.enc-binary", "a header may begin with 4d4b", bench -> enc(bench, Frame.BIN)));
    }

    private static String headerFields(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        int handle = link.call(bench.dialect().add(1, 2));
        Frame answer = link.awaitAnswer(handle, "an answer");
        Check.equal("dst_id", link.ownId(), answer.dst());
        Check.equal("src_id", link.peerId(), answer.src());
        Check.equal("auth_id", link.peerId(), answer.auth());
        Check.equal("reply_to", 0, answer.replyTo());
        return answer.toString();
    }

    private static String partialDelivery(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        int handle = link.newHandle();
        byte[] bytes = link.frame(
                        Handle.CALL_FUNCTION, handle, bench.dialect().add(2, 3).toBytes())
                .toBytes();
        for (byte each : bytes) {
            link.write(new byte[] {each});
        }
        Object sum = Link.value(link.awaitAnswer(handle, "an answer to a call sent byte by byte"));
        Check.equal("2 + 3", BigInteger.valueOf(5), sum);
        return bytes.length + " single bytes made a call";
    }

    private static String backToBack(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        int count = 200;
        int mark = link.mark();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        List<Integer> handles = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int handle = link.newHandle();
            handles.add(handle);
            all.writeBytes(link.frame(
                            Handle.CALL_FUNCTION,
                            handle,
                            bench.dialect().add(i, 1).toBytes())
                    .toBytes());
        }
        link.write(all.toByteArray());
        link.awaitAnswer(handles.get(count - 1), "answers to " + count + " calls sent in one piece");
        List<Integer> order = link.since(mark).stream()
                .map(Frame::handle)
                .filter(handles::contains)
                .toList();
        Check.equal("order of the answers", handles, order);
        return count + " calls in one piece of " + all.size() + " bytes, answered in order";
    }

    private static String cutAnywhere(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        int cuts = 0;
        for (int cut = 1; cut < 2 * Frame.HEADER_BYTES + 3; cut++) {
            int first = link.newHandle();
            int second = link.newHandle();
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            both.writeBytes(link.frame(UNUSED, first, new byte[] {1}).toBytes());
            both.writeBytes(link.frame(UNUSED, second, new byte[] {2}).toBytes());
            byte[] bytes = both.toByteArray();
            link.write(Arrays.copyOf(bytes, cut));
            link.write(Arrays.copyOfRange(bytes, cut, bytes.length));
            link.awaitAnswer(first, "an answer to the first of two frames, cut after byte " + cut);
            link.awaitAnswer(second, "an answer to the second of two frames, cut after byte " + cut);
            cuts++;
        }
        return "both frames arrived with each of " + cuts + " cuts";
    }

    private static String emptyBody(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        int handle = link.newHandle();
        link.send(link.frame(UNUSED, handle, new byte[0]));
        Frame answer = link.awaitAnswer(handle, "an answer to a frame without a body");
        return answer.toString();
    }

    private static String largeBody(Bench bench) throws Deviation, IOException {
        byte[] large = new byte[3_000_000];
        Arrays.fill(large, (byte) 'x');
        Object echo = bench.result(bench.dialect().echo(large));
        Check.equal("the bytes that came back", List.of(new io.mitogen.testkit.conformance.wire.Bytes(large)), echo);
        return large.length + " bytes went there and back";
    }

    private static String unsignedNumbers(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        int src = 0xf000_0001;
        int handle = 0xf000_0002;
        link.send(new Frame(Frame.MGC, link.peerId(), src, link.ownId(), UNUSED, handle, new byte[0]));
        Frame answer =
                link.await(0, "an answer to context 4026531841, handle 4026531842", frame -> frame.handle() == handle);
        Check.equal("dst_id", src, answer.dst());
        return answer.toString();
    }

    private static String nothingUnasked(Bench bench) throws Deviation, IOException {
        Peer peer = bench.fresh(Wanted.DEFAULT);
        int handle = peer.link().call(bench.dialect().add(1, 1));
        peer.link().awaitAnswer(handle, "an answer");
        Check.equal("frames that came", 1, peer.link().mark());
        return "the answer to the first call was the first frame";
    }

    private static String largestBody(Bench bench) throws Deviation, IOException {
        Peer peer = bench.fresh(Wanted.DEFAULT.withMaxMessageBytes(SMALL_LIMIT));
        int handle = peer.link().newHandle();
        peer.link().send(peer.link().frame(UNUSED, handle, new byte[SMALL_LIMIT]));
        peer.link().awaitAnswer(handle, "an answer to a body of " + SMALL_LIMIT + " bytes, which is the limit");
        bench.fence(peer.link());
        return "a body of " + SMALL_LIMIT + " bytes was accepted";
    }

    private static String oversize(Bench bench) throws Deviation, IOException {
        Peer peer = bench.fresh(Wanted.DEFAULT.withMaxMessageBytes(SMALL_LIMIT));
        Link link = peer.link();
        byte[] header = ByteBuffer.wrap(
                        Arrays.copyOf(link.frame(UNUSED, 0, new byte[0]).toBytes(), Frame.HEADER_BYTES))
                .putInt(Frame.HEADER_BYTES - 4, SMALL_LIMIT + 1)
                .array();
        bench.fence(link);
        link.write(header);
        link.awaitEnd("the link is closed when a header claims " + (SMALL_LIMIT + 1) + " bytes, one more than allowed");
        return "the header alone ended the link";
    }

    private static String badMagic(Bench bench) throws Deviation, IOException {
        Link link = bench.fresh(Wanted.DEFAULT).link();
        bench.fence(link);
        byte[] bytes = link.frame(UNUSED, link.newHandle(), new byte[0]).toBytes();
        bytes[0] = 'X';
        link.write(bytes);
        link.awaitEnd("the link is closed when a frame begins with 5849");
        return "the frame ended the link";
    }

    private static String enc(Bench bench, int enc) throws Deviation, IOException {
        Link link = bench.fresh(Wanted.DEFAULT).link();
        int handle = link.newHandle();
        link.send(link.frame(UNUSED, handle, new byte[] {1, 2}).withEnc(enc));
        String expected = "an answer to a frame that begins with " + Integer.toHexString(enc);
        Frame answer = link.awaitAnswer(handle, expected);
        bench.fence(link);
        return answer.toString();
    }
}
