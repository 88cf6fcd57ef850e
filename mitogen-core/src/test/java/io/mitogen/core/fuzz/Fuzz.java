// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/**
 * One run of a fuzz: a seed, which is printed, and the time that it may take. The seed is fresh, but for builds with the variable CI:
 * these must say the same of the same code, and so have one that is kept here. An input that fails is written to
 * {@code target/fuzz}; moved to {@code src/test/resources/fuzz}, it is tried in every build from then on. One thread.
 */
public final class Fuzz {
    /** Set, where it is a number, in place of the seed. */
    private static final String SEED_PROPERTY = "mitogen.fuzz.seed";

    private static final long SEED_IN_CI = 7_106_918_427_604L;

    private static final int MIN_ROUNDS = 50; // however slow the machine is
    private static final Duration IN_CI = Duration.ofMinutes(1);
    private static final Duration ELSEWHERE = Duration.ofSeconds(5);

    private final String name;
    private final long seed;
    private final Random random;
    private final long endNs;
    private long rounds;

    private Fuzz(String name, int share) {
        this.name = name;
        boolean isInCi = System.getenv("CI") != null;
        this.seed = Long.getLong(SEED_PROPERTY, isInCi ? SEED_IN_CI : System.nanoTime());
        this.random = new Random(seed);
        this.endNs = System.nanoTime() + (isInCi ? IN_CI : ELSEWHERE).toNanos() / share;
        System.out.println(name + ": seed " + seed);
    }

    /** Begins a run that takes a minute where the variable CI is set, else some seconds. */
    public static Fuzz start(String name) {
        return start(name, 1);
    }

    /** As above, divided by {@code share}. */
    public static Fuzz start(String name, int share) {
        return new Fuzz(name, share);
    }

    /** Tells whether there is time for one more round, and counts it. */
    public boolean goesOn() {
        boolean goesOn = rounds < MIN_ROUNDS || System.nanoTime() - endNs < 0;
        rounds += goesOn ? 1 : 0;
        return goesOn;
    }

    public Random random() {
        return random;
    }

    /** Returns how many rounds there were. */
    public long rounds() {
        return rounds;
    }

    /** Keeps {@code input} and returns the failure to throw, which says how to try it again. */
    public AssertionError failure(byte[] input, Throwable cause) {
        Path file = Path.of("target", "fuzz", name + "-" + seed + "-" + rounds);
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new AssertionError(
                name + ", seed " + seed + ", round " + rounds + ": " + cause + "; the input of " + input.length
                        + " bytes is in " + file + ": keep it under src/test/resources/fuzz",
                cause);
    }
}
