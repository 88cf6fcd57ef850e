// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

import java.util.Locale;

/** Writes an SVG document, element by element. Lengths are in pixels, y grows downwards. One thread at a time. */
final class Svg {
    static final String INK = "#24292f";
    static final String PALE = "#57606a";

    private final StringBuilder out = new StringBuilder();

    /** Begins a document with a white ground. */
    Svg(int width, int height, String title) {
        out.append(String.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\""
                        + " font-family=\"system-ui, sans-serif\">%n",
                width, height, width, height));
        out.append("  <title>").append(escape(title)).append("</title>\n");
        rect(0, 0, width, height, "#ffffff");
    }

    /** Draws a filled rectangle; what it shows is told to a mouse. */
    void rect(double x, double y, double width, double height, String color) {
        add("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>", x, y, width, height, color);
    }

    /** Draws a straight line. */
    void line(double fromX, double fromY, double toX, double toY, String color) {
        add("<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"%s\"/>", fromX, fromY, toX, toY, color);
    }

    /** Draws a curve through points with a dot on each. */
    void curve(double[] x, double[] y, String color) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < x.length; i++) {
            path.append(String.format(Locale.ROOT, "%s%.1f %.1f", i == 0 ? "M" : "L", x[i], y[i]));
        }
        add("<path d=\"%s\" stroke=\"%s\" stroke-width=\"2\" fill=\"none\"/>", path, color);
        for (int i = 0; i < x.length; i++) {
            add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>", x[i], y[i], color);
        }
    }

    /** Writes text; {@code anchor} is start, middle or end. */
    void text(double x, double y, String anchor, int size, String color, String text) {
        add(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%d\" fill=\"%s\">%s</text>",
                x, y, anchor, size, color, escape(text));
    }

    private void add(String format, Object... values) {
        out.append("  ").append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    /** Ends the document and returns it. */
    String end() {
        return out.append("</svg>\n").toString();
    }

    /** Returns text as it stands in XML, without characters that may not. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> {
                    if (isAllowed(c)) {
                        escaped.appendCodePoint(c);
                    }
                }
            }
        });
        return escaped.toString();
    }

    /** Tells whether XML 1.0 has the character (its production 2). */
    private static boolean isAllowed(int c) {
        return c == '\t'
                || c == '\n'
                || c == '\r'
                || c >= 0x20 && c <= 0xd7ff
                || c >= 0xe000 && c <= 0xfffd
                || c > 0xffff;
    }
}
