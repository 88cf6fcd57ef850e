// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.PickleError;
import io.mitogen.testkit.conformance.wire.PickleIn;
import io.mitogen.testkit.conformance.wire.Repr;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * What went over all links since a case began: frames with their fields, values and bytes, and lines of the start. Keeps the last entries only. Any
 * thread.
 */
public final class Transcript {
    private static final int KEPT = 60;
    private static final int SHOWN_BYTES = 256;
    private static final String INDENT = " ".repeat(12);

    private final Deque<Entry> entries = new ArrayDeque<>(); // guarded by this
    private long startNanos = System.nanoTime(); // guarded by this
    private int dropped; // guarded by this

    /** @param what a {@link Frame}, bytes, or a text */
    private record Entry(long nanos, String where, boolean sent, Object what) {}

    /** Forgets everything: a case begins. */
    public synchronized void begin() {
        entries.clear();
        dropped = 0;
        startNanos = System.nanoTime();
    }

    void sent(String link, Object what) {
        add(new Entry(System.nanoTime(), link, true, what));
    }

    void received(String link, Object what) {
        add(new Entry(System.nanoTime(), link, false, what));
    }

    private synchronized void add(Entry entry) {
        entries.add(entry);
        if (entries.size() > KEPT) {
            entries.remove();
            dropped++;
        }
    }

    /** Returns all of it, for people: {@code >} is what the kit sent, {@code <} what came. */
    public synchronized List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (dropped > 0) {
            lines.add("(" + dropped + " earlier entries are left out)");
        }
        for (Entry each : entries) {
            String time = String.format(Locale.ROOT, "+%.3f s", (each.nanos() - startNanos) / 1e9);
            String start = String.format("%-11s %s %s: ", time, each.sent() ? ">" : "<", each.where());
            if (each.what() instanceof Frame frame) {
                lines.add(start + header(frame));
                lines.add(INDENT + value(frame));
                lines.add(INDENT + hex(frame));
            } else if (each.what() instanceof byte[] bytes) {
                lines.add(start + RawBytes.describe(bytes));
                lines.add(INDENT + hex(bytes, 0));
            } else {
                lines.add(start + each.what());
            }
        }
        return lines;
    }

    private static String header(Frame frame) {
        String text = frame.toString();
        String name = Handle.name(frame.handle());
        String number = "handle " + Integer.toUnsignedString(frame.handle());
        return text.substring(1, text.length() - 1)
                .replaceFirst(number + "\\b", number + (name.isEmpty() ? "" : " " + name));
    }

    private static String value(Frame frame) {
        if (frame.isDead()) {
            return "dead message: " + Repr.brief(frame.text());
        }
        if (Handle.isText(frame.handle())) {
            return "text: " + Repr.brief(frame.text());
        }
        if (frame.body().length == 0) {
            return "no body";
        }
        try {
            return "pickle: " + Repr.brief(PickleIn.read(frame.body()));
        } catch (PickleError e) {
            return "no pickle: " + Repr.brief(e.getMessage());
        }
    }

    private static String hex(Frame frame) {
        byte[] bytes = frame.toBytes();
        StringBuilder header = new StringBuilder(HexFormat.of().formatHex(bytes, 0, 2));
        for (int at = 2; at < Frame.HEADER_BYTES; at += 4) {
            header.append(' ').append(HexFormat.of().formatHex(bytes, at, at + 4));
        }
        return bytes.length == Frame.HEADER_BYTES ? header.toString() : header + " | " + hex(bytes, Frame.HEADER_BYTES);
    }

    private static String hex(byte[] bytes, int from) {
        int to = Math.min(bytes.length, from + SHOWN_BYTES);
        int more = bytes.length - to;
        return HexFormat.of().formatHex(bytes, from, to) + (more > 0 ? "... (" + more + " more bytes)" : "");
    }
}
