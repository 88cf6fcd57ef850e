// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

/**
 * Writes a point in time as ISO 8601 does, {@code 2026-12-01T03:21:36.122Z}. The JDK's formatters cannot serve here: their classes
 * take megabytes when they are first used, which is when a context has gone, perhaps of a full heap, and they stay broken if that
 * fails.
 */
final class UtcTime {
    private static final int DAY_MS = 86_400_000;
    private static final int DAYS_BEFORE_1970 = 719_468; // since 1 March of the year 0, where leap days end a year
    private static final int DAYS_OF_400_YEARS = 146_097;

    private UtcTime() {}

    /** @param epochMs milliseconds since 1970, of a year from 1970 to 9999 */
    static String of(long epochMs) {
        int days = (int) (epochMs / DAY_MS) + DAYS_BEFORE_1970;
        int inCycle = days % DAYS_OF_400_YEARS;
        int leapDays = inCycle / 1_460 - inCycle / 36_524 + inCycle / (DAYS_OF_400_YEARS - 1);
        int yearOfCycle = (inCycle - leapDays) / 365;
        int inYear = inCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100);
        int month = (5 * inYear + 2) / 153; // since March: five months have 153 days
        int year = days / DAYS_OF_400_YEARS * 400 + yearOfCycle + month / 10;
        int ms = (int) (epochMs % DAY_MS);
        StringBuilder text = new StringBuilder(24);
        append(text, year, 1_000, '-');
        append(text, (month + 2) % 12 + 1, 10, '-');
        append(text, inYear - (153 * month + 2) / 5 + 1, 10, 'T');
        append(text, ms / 3_600_000, 10, ':');
        append(text, ms / 60_000 % 60, 10, ':');
        append(text, ms / 1_000 % 60, 10, '.');
        append(text, ms % 1_000, 100, 'Z');
        return text.toString();
    }

    /** @param place 1, 10, 100 or 1000: the value of its first digit */
    private static void append(StringBuilder text, int number, int place, char end) {
        for (int i = place; i > 0; i /= 10) {
            text.append((char) ('0' + number / i % 10));
        }
        text.append(end);
    }
}
