// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import java.math.BigInteger;
import java.util.Arrays;

/** The values that protocol 0 writes as lines of text, of which Python 2 still sends some. Any thread. */
final class TextValues {
    /** What Python itself converts from decimal, since the work grows with the square of the digits. */
    private static final int MAX_DIGITS = 4300;

    private TextValues() {}

    /** Returns what INT means: a whole number, or one of the two booleans, which are numbers with a leading zero. */
    static Object integer(String line) {
        if (line.equals("00")) {
            return Boolean.FALSE;
        }
        if (line.equals("01")) {
            return Boolean.TRUE;
        }
        Number number = number(line);
        if (number.equals((long) number.intValue())) {
            return number.intValue();
        }
        return number;
    }

    /** Returns what LONG means: a whole number of Python's long type, usually with an {@code L} behind it. */
    static Number longInteger(String line) {
        return number(line.endsWith("L") ? line.substring(0, line.length() - 1) : line);
    }

    private static Number number(String text) {
        int first = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        boolean isNumber = text.length() > first && text.length() <= MAX_DIGITS;
        for (int i = first; i < text.length() && isNumber; i++) {
            isNumber = text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        if (!isNumber) {
            throw PickleException.peer("a line of " + text.length() + " characters is no decimal number");
        }
        return PickleInput.longOrBig(new BigInteger(text));
    }

    /** Returns the number of a memo entry. */
    static long memoIndex(String line) {
        Number index = number(line);
        if (index instanceof BigInteger || index.longValue() < 0 || index.longValue() > 0xffffffffL) {
            throw PickleException.peer("no memo entry can have the number " + line);
        }
        return index.longValue();
    }

    /** Returns what FLOAT means. Java's own parser takes more than Python's, so the characters are checked first. */
    static Double real(String line) {
        boolean negative = line.startsWith("-");
        String word = (negative || line.startsWith("+") ? line.substring(1) : line);
        if (word.equalsIgnoreCase("inf") || word.equalsIgnoreCase("infinity")) {
            return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        if (word.equalsIgnoreCase("nan")) {
            return Double.NaN;
        }
        boolean isNumber = line.length() <= MAX_DIGITS;
        for (int i = 0; i < line.length() && isNumber; i++) {
            isNumber = "0123456789+-.eE".indexOf(line.charAt(i)) >= 0;
        }
        try {
            if (isNumber) {
                return Double.valueOf(line);
            }
        } catch (NumberFormatException expected) {
            // The right characters in a wrong order: refused below like the wrong characters.
        }
        throw PickleException.peer("a line of " + line.length() + " characters is no float");
    }

    /** Returns what STRING means: bytes as Python 2 prints them, in quotes, with escapes. */
    static byte[] bytes(String line) {
        int last = line.length() - 1;
        boolean isQuoted = last > 0 && line.charAt(0) == line.charAt(last);
        if (!isQuoted || line.charAt(0) != '\'' && line.charAt(0) != '"') {
            throw PickleException.peer("a string of " + line.length() + " characters has no quotes around it");
        }
        byte[] bytes = new byte[last];
        int count = 0;
        for (int i = 1; i < last; i++) {
            char c = line.charAt(i);
            if (c != '\\') {
                bytes[count++] = (byte) c;
                continue;
            }
            if (++i == last) {
                throw PickleException.peer("a string ends inside an escape");
            }
            char escape = line.charAt(i);
            int plain = "\\'\"abfnrtv".indexOf(escape);
            int digits = escape == 'x' ? 2 : octalDigits(line, i, last);
            if (plain >= 0) {
                bytes[count++] = (byte) "\\'\"\u0007\b\f\n\r\t\u000b".charAt(plain);
            } else if (digits > 0) {
                i += escape == 'x' ? 1 : 0;
                bytes[count++] = (byte) digits(line, i, Math.min(last, i + digits), digits, escape == 'x' ? 16 : 8);
                i += digits - 1;
            } else {
                bytes[count++] = '\\';
                bytes[count++] = (byte) escape;
            }
        }
        return Arrays.copyOf(bytes, count);
    }

    private static int octalDigits(String line, int from, int last) {
        int count = 0;
        while (count < 3 && from + count < last && Character.digit(line.charAt(from + count), 8) >= 0) {
            count++;
        }
        return count;
    }

    private static int digits(String line, int from, int to, int wanted, int radix) {
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = line.charAt(i) > '~' ? -1 : Character.digit(line.charAt(i), radix);
            if (digit < 0) {
                throw PickleException.peer("an escape has a wrong digit");
            }
            value = value * radix + digit;
        }
        if (to - from != wanted) {
            throw PickleException.peer("an escape is cut off");
        }
        return value;
    }

    /** Returns what UNICODE means: Latin-1 with {@code u} and {@code U} escapes; other backslashes are themselves. */
    static String unicode(String line) {
        StringBuilder text = new StringBuilder(line.length());
        int end = line.length();
        for (int i = 0; i < end; i++) {
            char c = line.charAt(i);
            text.append(c);
            if (c != '\\' || i + 1 == end) {
                continue;
            }
            char escape = line.charAt(++i);
            if (escape != 'u' && escape != 'U') {
                text.append(escape);
                continue;
            }
            int wanted = escape == 'u' ? 4 : 8;
            int codePoint = digits(line, i + 1, Math.min(end, i + 1 + wanted), wanted, 16);
            if (!Character.isValidCodePoint(codePoint)) {
                throw PickleException.peer("an escape is beyond Unicode");
            }
            text.setLength(text.length() - 1);
            text.appendCodePoint(codePoint);
            i += wanted;
        }
        return text.toString();
    }
}
