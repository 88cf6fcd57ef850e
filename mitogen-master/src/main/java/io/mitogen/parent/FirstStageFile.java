// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.boot.ChildMain;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Makes the class file of the first stage, as it travels on the command line, of the one in the core (JVM specification, chapter 4).
 *
 * <p>It has no package there, and its constructor has the flag {@code ACC_VARARGS}, though its parameter is no array. JDK 18 and
 * later call constructors through method handles, but not one like this. The JVM calls it for the system class loader, before
 * anything else: the first method handle takes 9 of a start's 60 ms on JDK 25.
 */
final class FirstStageFile {
    static final String NAME = "FirstStage";

    private static final int FIRST_CONSTANT = 10; // after magic number, version and the number of constants
    private static final int PUBLIC_VARARGS = 0x81;
    private static final int UTF8 = 1;
    private static final int[] LENGTHS = {0, 0, 0, 5, 5, 9, 9, 3, 3, 5, 5, 5, 5
    }; // of constants in a file of Java 8, by tag

    private final String file; // a character for each byte

    private FirstStageFile(String file) {
        this.file = file;
    }

    static byte[] read() throws IOException {
        try (InputStream in = ChildMain.class.getResourceAsStream(NAME + ".class")) {
            String original = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            String renamed = original.replace(constant("io/mitogen/core/boot/" + NAME), constant(NAME));
            return new FirstStageFile(renamed).withFlag();
        }
    }

    /** Returns a text as class files have it in their constants. */
    private static String constant(String text) {
        return "\1\0" + (char) text.length() + text;
    }

    private byte[] withFlag() {
        String constructor = "\0\1" + indexOf("<init>") + indexOf("(Ljava/lang/ClassLoader;)V");
        byte[] flagged = file.getBytes(StandardCharsets.ISO_8859_1);
        flagged[file.indexOf(constructor) + 1] = (byte) PUBLIC_VARARGS;
        return flagged;
    }

    /** Returns the number by which the file refers to a constant. */
    private String indexOf(String text) {
        String wanted = constant(text);
        int at = FIRST_CONSTANT;
        int index = 1;
        while (!file.startsWith(wanted, at)) {
            int tag = file.charAt(at);
            at += tag == UTF8 ? 3 + (file.charAt(at + 1) << 8 | file.charAt(at + 2)) : LENGTHS[tag];
            index += LENGTHS[tag] == 9 ? 2 : 1; // the long ones take two numbers
        }
        return "" + (char) (index >> 8) + (char) (index & 0xff);
    }
}
