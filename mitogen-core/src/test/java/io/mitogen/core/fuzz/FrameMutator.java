// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes new frames of recorded ones, field by field. One thread. */
public final class FrameMutator {
    private static final int HEADER = 26;
    private static final int[] ID_OFFSETS = {2, 6, 10};
    private static final int HANDLE_OFFSET = 14;
    private static final int REPLY_TO_OFFSET = 18;
    private static final int LENGTH_OFFSET = 22;
    private static final int[] LENGTHS = {0, 1, 25, 26, 4999, 5000, 5001, 1 << 20, 0x7fffffff, 0x80000000, -1};
    private static final int LAST_WELL_KNOWN = 113;

    private final Random random;
    private final List<byte[]> frames;
    private final PickleMutator pickles;
    private final int own;
    private final int[] ids;

    /**
     * Makes a mutator.
     *
     * @param own the id of the context that says it
     * @param ids those of others, and some that nobody has
     */
    public FrameMutator(Random random, int own, int... ids) {
        this.random = random;
        this.frames = Corpus.frames();
        this.pickles = new PickleMutator(random, Corpus.pickles());
        this.own = own;
        this.ids = ids;
    }

    /** Returns one or more frames. Only the last may end the link. */
    public byte[] next() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        for (int count = random.nextInt(6); count > 0; count--) {
            said.writeBytes(wellFormed());
        }
        byte[] last = wellFormed();
        if (random.nextInt(10) == 0) {
            spoil(last);
        }
        said.writeBytes(last);
        return said.toByteArray();
    }

    /** Returns a frame with a right length, of which anything else may be wrong. */
    public byte[] wellFormed() {
        byte[] recorded = frames.get(random.nextInt(frames.size()));
        byte[] body = Arrays.copyOfRange(recorded, HEADER, recorded.length);
        switch (random.nextInt(5)) {
            case 0:
                body = pickles.next();
                break;
            case 1:
                body = text();
                break;
            case 2:
                body = Arrays.copyOf(body, random.nextInt(body.length + 2));
                break;
            default: // as it was
        }
        body = body.length > 4_000 ? Arrays.copyOf(body, 4_000) : body;
        ByteBuffer frame = ByteBuffer.allocate(HEADER + body.length);
        frame.put(recorded, 0, HEADER).put(body);
        boolean isHonest = random.nextInt(3) > 0;
        frame.putInt(2, id());
        frame.putInt(6, isHonest ? own : id());
        frame.putInt(10, isHonest ? own : id());
        if (random.nextInt(3) == 0) {
            frame.putInt(HANDLE_OFFSET, handle());
        }
        if (random.nextInt(3) == 0) {
            frame.putInt(REPLY_TO_OFFSET, random.nextBoolean() ? 999 : handle());
        }
        return frame.putInt(LENGTH_OFFSET, body.length).array();
    }

    private void spoil(byte[] frame) {
        ByteBuffer fields = ByteBuffer.wrap(frame);
        if (random.nextBoolean()) {
            fields.putInt(LENGTH_OFFSET, LENGTHS[random.nextInt(LENGTHS.length)]);
        } else {
            int offset = random.nextInt(3) == 0 ? 0 : ID_OFFSETS[random.nextInt(ID_OFFSETS.length)];
            frame[offset + random.nextInt(2)] ^= (byte) (1 << random.nextInt(8));
        }
    }

    private int id() {
        return ids[random.nextInt(ids.length)];
    }

    private int handle() {
        return random.nextInt(4) == 0 ? random.nextInt() : 99 + random.nextInt(LAST_WELL_KNOWN - 97);
    }

    /** Names of routes, of classes and modules, and records of logs. */
    private byte[] text() {
        String number = Integer.toString(random.nextBoolean() ? id() : random.nextInt());
        String text =
                switch (random.nextInt(7)) {
                    case 0 -> number;
                    case 1 -> number + ":name";
                    case 2 -> number + "\0os.path";
                    case 3 -> "logger\000" + random.nextInt(60) + "\0said " + number;
                    case 4 -> "com/acme/C" + number + ".class";
                    case 5 -> "\u001b[2J\r\n\u202e" + number;
                    default -> "x".repeat(random.nextInt(3_000));
                };
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
