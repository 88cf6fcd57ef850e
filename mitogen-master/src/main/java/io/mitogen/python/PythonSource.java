// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.Nullable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Source files as contexts want them. Any thread. */
final class PythonSource {
    /*
     * A context of Python 3 decodes what it gets as UTF-8, always, and compiles the text, in which a byte order mark is an
     * error and the declared encoding does not count. One of Python 2 compiles the bytes, and there it counts. So a file in
     * another encoding is sent as UTF-8 and declared as such, in the same line: the numbers of lines stay.
     */
    /** The declaration of PEP 263, which may stand in the first two lines. */
    private static final Pattern DECLARATION = Pattern.compile("^[ \\t\\f]*#.*?coding[:=][ \\t]*([-\\w.]+)");

    private static final Pattern BLANK = Pattern.compile("^[ \\t\\f]*(?:#.*)?$");
    private static final int DECLARING_LINES = 2;
    private static final String UTF_8 = "utf-8";

    private PythonSource() {}

    /** Returns source in UTF-8 without comments and documentation, where it says that it allows that; else as it is. */
    static byte[] small(byte[] utf8) {
        String text = new String(utf8, StandardCharsets.UTF_8);
        return text.contains(PythonMinifier.ALLOWED)
                ? PythonMinifier.minify(text).getBytes(StandardCharsets.UTF_8)
                : utf8;
    }

    /** Returns the file as UTF-8 without a byte order mark; as it is, when it declares an encoding that is not known here. */
    static byte[] utf8(byte[] file) {
        if (file.length >= 3 && file[0] == (byte) 0xef && file[1] == (byte) 0xbb && file[2] == (byte) 0xbf) {
            return Arrays.copyOfRange(file, 3, file.length);
        }
        if (isAscii(file)) {
            return file;
        }
        String latin = new String(file, StandardCharsets.ISO_8859_1); // one character for each byte
        Matcher declaration = declaration(latin);
        Charset charset = declaration == null ? null : charset(declaration.group(1));
        if (charset == null || charset.equals(StandardCharsets.UTF_8)) {
            return file;
        }
        try {
            String text = charset.newDecoder().decode(ByteBuffer.wrap(file)).toString();
            Matcher decoded = declaration(text);
            if (decoded == null) {
                return file; // an encoding that has ASCII elsewhere; Python refuses it
            }
            return (text.substring(0, decoded.start(1)) + UTF_8 + text.substring(decoded.end(1)))
                    .getBytes(StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            return file; // Python would refuse it as well
        }
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte each : bytes) {
            if (each < 0) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Matcher declaration(String text) {
        int start = 0;
        for (int line = 0; line < DECLARING_LINES; line++) {
            int end = start;
            while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
                end++;
            }
            Matcher matcher = DECLARATION.matcher(text).region(start, end);
            if (matcher.find()) {
                return matcher;
            }
            if (!BLANK.matcher(text).region(start, end).find() || end == text.length()) {
                return null;
            }
            start = text.startsWith("\r\n", end) ? end + 2 : end + 1;
        }
        return null;
    }

    /** Returns what Python means by {@code name}; null when the JDK has no such encoding. */
    private static @Nullable Charset charset(String name) {
        String normal = name.toLowerCase(Locale.ROOT).replace('_', '-');
        if (isOrHasSuffix(normal, UTF_8) || normal.equals("utf8")) {
            return StandardCharsets.UTF_8;
        }
        if (isOrHasSuffix(normal, "latin-1")
                || isOrHasSuffix(normal, "iso-8859-1")
                || isOrHasSuffix(normal, "iso-latin-1")) {
            return StandardCharsets.ISO_8859_1;
        }
        for (String each : new String[] {normal, name, normal.replace("-", "")}) {
            try {
                return Charset.forName(each);
            } catch (IllegalArgumentException expected) {
                // the next spelling may be one that the JDK knows
            }
        }
        return null;
    }

    /** Editors write {@code utf-8-unix}; Python looks at the part before. */
    private static boolean isOrHasSuffix(String name, String encoding) {
        return name.equals(encoding) || name.startsWith(encoding + "-");
    }
}
