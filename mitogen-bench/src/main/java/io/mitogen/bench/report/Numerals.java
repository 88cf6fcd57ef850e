// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as people read them: three digits that count, no exponent. Any thread. */
final class Numerals {
    private static final MathContext DIGITS = new MathContext(3);
    private static final double WHOLE = 1000;

    private Numerals() {}

    /** Returns {@code value} with three digits, more only of what is above a thousand; a dash for what is not known. */
    static String of(double value) {
        if (!Double.isFinite(value)) {
            return "-";
        }
        if (Math.abs(value) >= WHOLE) {
            return Long.toString(Math.round(value));
        }
        BigDecimal rounded = new BigDecimal(value).round(DIGITS);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }
}
