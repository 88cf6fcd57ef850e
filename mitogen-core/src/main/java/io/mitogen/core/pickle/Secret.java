// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import java.util.Objects;

/**
 * A text that is sent as it is but never printed: Mitogen's {@code Secret}. Not serializable, so that no other channel
 * carries it by accident. Immutable, any thread.
 */
public final class Secret {
    private final String value;

    private Secret(String value) {
        this.value = Objects.requireNonNull(value, "value");
    }

    /** Returns {@code value} as a secret. */
    public static Secret of(String value) {
        return new Secret(value);
    }

    /** Returns the text in the clear. Whoever calls this answers for where it goes. */
    public String reveal() {
        return value;
    }

    /** Compares in a time that depends on the lengths only, not on where the texts differ. */
    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Secret)) {
            return false;
        }
        String guess = ((Secret) other).value;
        int difference = value.length() ^ guess.length();
        for (int i = 0; i < guess.length(); i++) {
            difference |= guess.charAt(i) ^ (i < value.length() ? value.charAt(i) : 0);
        }
        return difference == 0;
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "[secret]";
    }
}
