// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.buffer.BufferPool;
import io.mitogen.core.buffer.BufferQueue;
import io.mitogen.core.testing.WireBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Frames are the same however their bytes arrive, and no bytes lead anywhere but to frames or a named refusal. */
final class FrameReaderProperties {
    private static final int OWN_ID = 7;
    private static final int MAX_BODY = 100_000;
    private static final int CHUNK = 512;

    private final BufferPool pool = new BufferPool(CHUNK, 16);

    @Property(tries = 500)
    void shouldReadTheSameFramesHoweverTheStreamIsCut(
            @ForAll @Size(max = 8) List<@From("frames") byte[]> frames,
            @ForAll boolean corrupt,
            @ForAll boolean direct,
            @ForAll Random cuts) {
        byte[] stream = WireBytes.join(frames.toArray(new byte[0][]));
        if (corrupt) {
            stream = WireBytes.join(stream, WireBytes.encoded(0x4d4c, 1, 2, WireBytes.pattern(40)));
        }
        List<String> whole = read(stream, stream.length + 1, null, false);
        assertEquals(frames.size() + (corrupt ? 1 : 0), whole.size());
        assertEquals(whole, read(stream, 1, null, direct), "byte by byte");
        assertEquals(whole, read(stream, 0, cuts, direct), "cut anywhere");
        assertEquals(0, pool.lentChunks(), "chunks not given back");
    }

    @Property(tries = 500)
    void shouldTellTheSameFramesAndGatherNothingOfUnwantedOnesHoweverTheStreamIsCut(
            @ForAll @Size(max = 8) List<@From("frames") byte[]> frames, @ForAll Random cuts) {
        byte[] stream = WireBytes.join(frames.toArray(new byte[0][]));
        List<String> whole = new ArrayList<>();
        new FrameReader(pool, MAX_BODY, OWN_ID, false)
                .feed(ByteBuffer.wrap(stream), frame -> whole.add((frame.handle() == 100 ? "unwanted " : "") + frame));
        List<String> cut = new ArrayList<>();
        FrameReader reader = new FrameReader(pool, MAX_BODY, OWN_ID, false);
        boolean[] isSkipping = new boolean[1];
        FrameReader.Sink sink = new FrameReader.Sink() {
            @Override
            public void onFrame(Frame frame) {
                isSkipping[0] = false;
                cut.add((frame.handle() == 100 ? "unwanted " : "") + frame);
            }

            @Override
            public boolean wants(Frame header) {
                isSkipping[0] = header.handle() == 100;
                assertEquals(header.length(), header.withoutBody().length());
                if (isSkipping[0]) {
                    cut.add("unwanted " + header);
                }
                return !isSkipping[0];
            }
        };
        for (int at = 0; at < stream.length; ) {
            int count = Math.min(stream.length - at, 1 + cuts.nextInt(cuts.nextBoolean() ? 40 : 60_000));
            reader.feed(ByteBuffer.wrap(stream, at, count), sink);
            at += count;
            if (isSkipping[0]) {
                assertEquals(0, reader.gatheredBytes(), "bytes of an unwanted frame");
                assertEquals(0, pool.lentChunks(), "chunks of an unwanted frame");
            }
        }
        assertEquals(whole, cut);
        assertEquals(0, reader.gatheredBytes());
        assertEquals(0, pool.lentChunks(), "chunks not given back");
    }

    @Property(tries = 300)
    void shouldWriteWhatItReadWholeOrInPieces(
            @ForAll @From("frames") byte[] bytes, @ForAll @IntRange(min = 1, max = 3_000) int cut) {
        BufferQueue out = new BufferQueue(pool, true);
        FrameReader reader = new FrameReader(pool, MAX_BODY, OWN_ID, false);
        for (int at = 0; at < bytes.length; at += cut) {
            reader.feed(ByteBuffer.wrap(bytes, at, Math.min(cut, bytes.length - at)), frame -> frame.writeTo(out));
        }
        assertEquals(WireBytes.hex(bytes), WireBytes.hex(out.takeBytes()));
        assertEquals(0, pool.lentChunks(), "chunks not given back");
    }

    @Property(tries = 200)
    void shouldReadBackWhatAMessageWrote(
            @ForAll int dst,
            @ForAll int src,
            @ForAll int auth,
            @ForAll int handle,
            @ForAll int replyTo,
            @ForAll @Size(max = 40_000) byte[] body) {
        BufferQueue queue = new BufferQueue(pool, true);
        Message.to(dst, handle, replyTo, body).from(src, auth).writeTo(queue);
        List<Message> read = WireBytes.messages(queue.takeBytes());
        assertEquals(1, read.size());
        Message message = read.get(0);
        assertEquals(
                List.of(dst, src, auth, handle, replyTo),
                List.of(message.dst(), message.src(), message.auth(), message.handle(), message.replyTo()));
        assertTrue(Arrays.equals(body, message.body()), "the body");
    }

    @Property(tries = 1_000)
    void shouldFindFramesOrRefuseByNameWhenAHeaderIsDamaged(
            @ForAll @From("frames") byte[] bytes,
            @ForAll @IntRange(max = 26 * 8 - 1) int bit,
            @ForAll @IntRange(max = 26) int truncatedTo,
            @ForAll boolean truncates,
            @ForAll @IntRange(min = 1, max = 64) int cut) {
        byte[] damaged = truncates ? Arrays.copyOf(bytes, truncatedTo) : bytes.clone();
        if (!truncates) {
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
        }
        List<String> read = read(damaged, cut, null, false); // anything but CorruptStreamException fails here
        if (truncates) {
            assertTrue(read.isEmpty() || truncatedTo == 26 && bytes.length == 26, read.toString());
        } else if (bit / 8 >= 2 && bit / 8 < 22) {
            assertEquals(1, read.size(), "ids and handles may be anything");
        } else if (bit / 8 < 2) {
            boolean isEncoding = damaged[0] == 0x4d && damaged[1] >= 0x49 && damaged[1] <= 0x4b;
            assertEquals(!isEncoding, read.get(0).startsWith("corrupt: not a Mitogen frame"), read.toString());
        }
    }

    @Property(tries = 500)
    void shouldRefuseByNameWhenFedNoise(@ForAll @Size(min = 26, max = 200) byte[] noise, @ForAll boolean looksRight) {
        if (looksRight) {
            noise[0] = 0x4d;
            noise[1] = 0x49;
        }
        read(noise, 7, null, true);
    }

    @Provide
    Arbitrary<byte[]> frames() {
        Arbitrary<Integer> numbers = Arbitraries.of(0, 1, 2, OWN_ID, 100, 999, 1000, -1, Integer.MIN_VALUE);
        Arbitrary<Integer> lengths = Arbitraries.of(0, 1, 25, 26, 27, CHUNK - 26, CHUNK, CHUNK + 1, 5_000, 40_000);
        return Combinators.combine(numbers, numbers, numbers, lengths, Arbitraries.of(0x4d49, 0x4d4a, 0x4d4b))
                .as((dst, src, handle, length, enc) -> {
                    byte[] body = WireBytes.pattern(length);
                    if (length > 32 * 1024 && src != 0) { // mostly one string, as the values of most long messages
                        ByteBuffer.wrap(body)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .put(100, (byte) 'T')
                                .putInt(101, length - 105 - src);
                    }
                    byte[] frame = WireBytes.frame(dst, src, src, handle, dst, body);
                    frame[1] = (byte) (int) enc;
                    return frame;
                });
    }

    /** Returns what the reader showed, ending with the refusal if there was one; pieces of {@code cut} bytes or random. */
    private List<String> read(byte[] stream, int cut, Random random, boolean direct) {
        List<String> shown = new ArrayList<>();
        FrameReader reader = new FrameReader(pool, MAX_BODY, OWN_ID, false);
        try {
            int at = 0;
            while (at < stream.length) {
                int count = random == null ? cut : 1 + random.nextInt(random.nextBoolean() ? 40 : 60_000);
                int end = Math.min(stream.length, at + count);
                ByteBuffer piece = direct ? ByteBuffer.allocateDirect(end - at) : ByteBuffer.allocate(end - at);
                piece.put(stream, at, end - at).flip();
                reader.feed(piece, frame -> shown.add(show(frame)));
                assertEquals(0, piece.remaining(), "what feed left");
                at = end;
            }
        } catch (CorruptStreamException e) {
            shown.add("corrupt: " + e.getMessage());
        } finally {
            reader.close();
        }
        return shown;
    }

    private static String show(Frame frame) {
        String header = frame.toString();
        Message message = frame.toMessage();
        assertEquals(header, message.toString());
        return header + " " + Arrays.hashCode(message.body());
    }
}
