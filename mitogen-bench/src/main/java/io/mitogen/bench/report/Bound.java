// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A promise about one number. A value.
 *
 * @param what what the number is, as "call / pipe ping-pong"
 * @param value the number that was measured; NaN when it could not be
 * @param bound the number it is held against
 * @param isUpper whether {@code bound} is the largest good number; otherwise the smallest
 */
public record Bound(String what, double value, double bound, boolean isUpper) {
    /** Promises that {@code value} is not above {@code bound}. */
    public static Bound atMost(String what, double value, double bound) {
        return new Bound(what, value, bound, true);
    }

    /** Promises that {@code value} is not below {@code bound}. */
    public static Bound atLeast(String what, double value, double bound) {
        return new Bound(what, value, bound, false);
    }

    /** Tells whether the promise is kept; one about a number that is not known is not. */
    public boolean holds() {
        return isUpper ? value <= bound : value >= bound;
    }

    /** Returns this as values for {@link Json}. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("what", what);
        map.put("value", value);
        map.put(isUpper ? "at_most" : "at_least", bound);
        map.put("holds", holds());
        return map;
    }

    /** Returns the good numbers, as "≤ 2". */
    String range() {
        return (isUpper ? "≤ " : "≥ ") + Numerals.of(bound);
    }
}
