// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import java.time.Duration;

/**
 * What a {@link FaultProxy} does to connections now. Any thread.
 *
 * @param delayNs between the arrival of a byte and its leave
 * @param bytesPerSecond in each direction of each connection, 0 for no limit
 * @param piece most bytes to write at once, 0 for no limit
 * @param trigger null for none
 */
record FaultProxySettings(long delayNs, long bytesPerSecond, int piece, Trigger trigger) {
    static final FaultProxySettings NONE = new FaultProxySettings(0, 0, 0, null);

    private static final int PIECE = 16 << 10;
    private static final int PIECES_PER_SECOND = 100;

    FaultProxySettings {
        if (delayNs < 0 || bytesPerSecond < 0 || piece < 0) {
            throw new IllegalArgumentException("a fault cannot be negative: " + delayNs + " ns delay, " + bytesPerSecond
                    + " bytes per second, pieces of " + piece);
        }
    }

    /** When to cut: as soon as so many bytes of one connection have passed in this direction. */
    record Trigger(FaultProxy.Direction direction, long bytes, FaultProxy.Cut cut) {}

    FaultProxySettings withDelay(Duration delay) {
        return new FaultProxySettings(delay.toNanos(), bytesPerSecond, piece, trigger);
    }

    FaultProxySettings withRate(long rate) {
        return new FaultProxySettings(delayNs, rate, piece, trigger);
    }

    FaultProxySettings withPiece(int bytes) {
        return new FaultProxySettings(delayNs, bytesPerSecond, bytes, trigger);
    }

    FaultProxySettings withTrigger(Trigger changed) {
        return new FaultProxySettings(delayNs, bytesPerSecond, piece, changed);
    }

    /** Returns how many bytes may be written at once. */
    int mostAtOnce() {
        int most = piece == 0 ? PIECE : Math.min(piece, PIECE);
        return bytesPerSecond == 0 ? most : (int) Math.max(1, Math.min(most, bytesPerSecond / PIECES_PER_SECOND));
    }

    /** Returns how long nothing may be written after {@code bytes} were. */
    long pauseNsAfter(int bytes) {
        return bytesPerSecond == 0 ? 0 : bytes * 1_000_000_000L / bytesPerSecond;
    }
}
