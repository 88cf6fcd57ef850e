// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Opens the data of an image, whatever it holds, without trusting any length it states. Any thread. */
final class Inflation {
    /** Deflate shrinks at most about 1032 to 1, but typical class files about 2 to 1: a guess that rarely grows. */
    private static final int USUAL_RATIO = 3;

    private static final int SMALLEST_BUFFER = 512;
    private static final int COUNT_LENGTH = 4;

    private Inflation() {}

    /** Returns what {@code data} inflates to; refuses more than {@link ClassImage#CONTENT_LIMIT} before allocating it. */
    static byte[] inflate(String path, byte[] data) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(data);
            byte[] buffer = new byte
                    [(int) Math.min(ClassImage.CONTENT_LIMIT + 1L, SMALLEST_BUFFER + (long) data.length * USUAL_RATIO)];
            int length = 0;
            while (!inflater.finished()) {
                if (length == buffer.length) {
                    buffer = Arrays.copyOf(buffer, (int) Math.min(ClassImage.CONTENT_LIMIT + 1L, length * 2L));
                }
                int count = inflater.inflate(buffer, length, buffer.length - length);
                length += count;
                if (length > ClassImage.CONTENT_LIMIT) {
                    throw new CorruptImageException(
                            path + " inflates to more than " + ClassImage.CONTENT_LIMIT + " bytes", null);
                }
                if (count == 0 && !inflater.finished() && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw new CorruptImageException("the image of " + path + " is cut off", null);
                }
            }
            return length == buffer.length ? buffer : Arrays.copyOf(buffer, length);
        } catch (DataFormatException e) {
            throw new CorruptImageException("the image of " + path + " cannot be inflated", e);
        } finally {
            inflater.end();
        }
    }

    /** Splits a resource's content into its copies, null for those that come in parts; layout in {@link ClassImage}. */
    static List<byte[]> split(String path, byte[] content) {
        int at = COUNT_LENGTH;
        int count = content.length < COUNT_LENGTH ? -1 : int32(content, 0);
        List<byte[]> copies = new ArrayList<byte[]>();
        for (int i = 0; i < count; i++) {
            boolean isCutOff = content.length - at < COUNT_LENGTH;
            int length = isCutOff ? 0 : int32(content, at);
            at += COUNT_LENGTH;
            if (length == ClassImage.IN_PARTS) {
                copies.add(null);
                continue;
            }
            if (isCutOff || length < 0 || length > content.length - at) {
                throw new CorruptImageException(
                        "copy " + (i + 1) + " of " + count + " of " + path + " is cut off", null);
            }
            copies.add(Arrays.copyOfRange(content, at, at + length));
            at += length;
        }
        if (count < 0 || at != content.length) {
            throw new CorruptImageException("the copies of " + path + " do not fill its image", null);
        }
        return copies;
    }

    private static int int32(byte[] bytes, int at) {
        return bytes[at] << 24 | (bytes[at + 1] & 0xff) << 16 | (bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff;
    }
}
