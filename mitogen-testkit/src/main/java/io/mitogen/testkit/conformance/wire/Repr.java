// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.wire;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Values as Python would print them: two are the same where their texts are. Text and bytes, lists and tuples, {@code True} and 1 differ; what was
 * shared does not show, what contains itself does. One thread at a time.
 */
public final class Repr {
    /** No value of a case is longer; one that contains another twice, and that another twice, soon is. */
    private static final int MAX_CHARS = 50_000_000;

    private static final int BRIEF_CHARS = 200;
    private static final int BRIEF_DEPTH = 40;
    private static final int BRIEF_BITS = 2048;

    private final StringBuilder out = new StringBuilder();
    private final List<Object> around = new ArrayList<>();

    private final boolean isSorted;
    private final int limit; // of characters; the text is cut somewhere behind it

    private Repr(boolean isSorted, int limit) {
        this.isSorted = isSorted;
        this.limit = limit;
    }

    public static String of(Object value) {
        Repr repr = new Repr(false, Integer.MAX_VALUE);
        repr.write(value);
        return repr.out.toString();
    }

    /** As {@link #of}, with the entries of dicts in the order of their texts: dicts are equal whatever order they have. */
    public static String sorted(Object value) {
        Repr repr = new Repr(true, Integer.MAX_VALUE);
        repr.write(value);
        return repr.out.toString();
    }

    /** Returns the text as it may stand in a line for people. */
    public static String brief(Object value) {
        Repr repr = new Repr(false, BRIEF_CHARS);
        repr.write(value);
        String text = repr.out.toString();
        return text.length() > BRIEF_CHARS ? text.substring(0, BRIEF_CHARS) + "..." : text;
    }

    private boolean isFull() {
        return out.length() > limit;
    }

    private boolean isBrief() {
        return limit < Integer.MAX_VALUE;
    }

    private void write(Object value) {
        if (isFull()) {
            return;
        }
        if (isBrief() && (around.size() > BRIEF_DEPTH || value instanceof BigInteger n && n.bitLength() > BRIEF_BITS)) {
            out.append("...");
        } else if (value == null) {
            out.append("None");
        } else if (value instanceof Boolean) {
            out.append((Boolean) value ? "True" : "False");
        } else if (value instanceof Integer || value instanceof Long || value instanceof BigInteger) {
            out.append(value);
        } else if (value instanceof Double) {
            out.append(number((Double) value));
        } else if (value instanceof String) {
            text((String) value);
        } else if (value instanceof byte[]) {
            bytes((byte[]) value);
        } else if (value instanceof Bytes) {
            bytes(((Bytes) value).array());
        } else if (value instanceof Global) {
            out.append('<')
                    .append(((Global) value).module())
                    .append('.')
                    .append(((Global) value).name())
                    .append('>');
        } else if (value instanceof Made) {
            made((Made) value);
        } else {
            container(value);
        }
    }

    private void container(Object value) {
        if (out.length() > MAX_CHARS) {
            throw new PickleError("a value with more than " + MAX_CHARS + " characters");
        }
        boolean inside = around.stream().anyMatch(each -> each == value);
        around.add(value);
        if (value instanceof Tuple) {
            List<Object> items = ((Tuple) value).items();
            items(inside, items, "(", items.size() == 1 ? ",)" : ")");
        } else if (value instanceof List) {
            items(inside, (List<?>) value, "[", "]");
        } else if (value instanceof Map) {
            dict(inside, (Map<?, ?>) value);
        } else {
            out.append(value);
        }
        around.remove(around.size() - 1);
    }

    private void items(boolean inside, List<?> items, String open, String close) {
        out.append(open);
        if (inside) {
            out.append("...").append(close.substring(close.length() - 1));
            return;
        }
        String between = "";
        for (Object item : items) {
            if (isFull()) {
                return;
            }
            out.append(between);
            write(item);
            between = ", ";
        }
        out.append(close);
    }

    private void dict(boolean inside, Map<?, ?> map) {
        if (inside) {
            out.append("{...}");
            return;
        }
        int start = out.length();
        List<String> entries = new ArrayList<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (isBrief() && entries.size() > BRIEF_CHARS) {
                break;
            }
            write(entry.getKey());
            out.append(": ");
            write(entry.getValue());
            entries.add(out.substring(start));
            out.setLength(start);
        }
        if (isSorted) {
            Collections.sort(entries);
        }
        out.append('{').append(String.join(", ", entries)).append('}');
    }

    private void made(Made made) {
        String name = made.by().name();
        if (made.by().module().equals(Global.CORE)) {
            out.append(
                    switch (name) {
                        case "_unpickle_call_error" -> "CallError";
                        case "_unpickle_context" -> "Context";
                        case "_unpickle_sender" -> "Sender";
                        default -> name;
                    });
        } else {
            out.append(made.by().module()).append('.').append(name);
        }
        items(false, made.arguments().items(), "(", ")");
    }

    private void text(String whole) {
        String text = isBrief() && whole.length() > 2 * BRIEF_CHARS ? whole.substring(0, 2 * BRIEF_CHARS) : whole;
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        text.codePoints().forEach(c -> {
            if (c == quote || c == '\\') {
                out.append('\\').appendCodePoint(c);
            } else if (!maybeEscape(c)) {
                if (isPrintable(c)) {
                    out.appendCodePoint(c);
                } else {
                    out.append(String.format(c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
                }
            }
        });
        out.append(quote);
    }

    private void bytes(byte[] whole) {
        byte[] bytes = isBrief() && whole.length > BRIEF_CHARS ? Arrays.copyOf(whole, BRIEF_CHARS) : whole;
        String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append('b').append(quote);
        for (char c : text.toCharArray()) {
            if (c == quote || c == '\\') {
                out.append('\\').append(c);
            } else if (!maybeEscape(c)) {
                if (c >= ' ' && c < 0x7f) {
                    out.append(c);
                } else {
                    out.append(String.format("\\x%02x", (int) c));
                }
            }
        }
        out.append(quote);
    }

    private boolean maybeEscape(int c) {
        String escape = c == '\n' ? "\\n" : c == '\r' ? "\\r" : c == '\t' ? "\\t" : null;
        if (escape != null) {
            out.append(escape);
        }
        return escape != null;
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE -> false;
            case Character.UNASSIGNED, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    /** Returns the shortest decimal as Python writes it: with an exponent below 1e-4 and from 1e16. */
    private static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return Double.toString(value);
        }
        BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = exact.toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        String digits = exact.unscaledValue().abs().toString();
        return (value < 0 ? "-" : "") + digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "") + "e"
                + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }
}
