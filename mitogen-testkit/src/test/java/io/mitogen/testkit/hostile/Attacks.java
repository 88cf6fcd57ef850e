// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.hostile;

import io.mitogen.core.pickle.Globals;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.Tuple;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Bodies of messages that must do no harm. */
final class Attacks {
    /** Names of no module. */
    static final List<String> MODULES = List.of(
            "",
            ".",
            "..",
            "../x",
            "a..b",
            "\0",
            "mitogen.parent\0",
            "mitogen/../../etc/passwd",
            "mitogen.../etc/passwd",
            "/etc/passwd",
            "python:",
            "python:mitogen.parent",
            "__main__",
            "mitogen.core.x",
            "io.mitogen.core",
            "META-INF.MANIFEST",
            "\uffff",
            "x".repeat(60_000),
            "a.".repeat(30_000));

    /** Names of no resource. */
    static final List<Tuple> RESOURCES = List.of(
            Tuple.of("", ""),
            Tuple.of("mitogen", ""),
            Tuple.of("mitogen", "."),
            Tuple.of("mitogen", ".."),
            Tuple.of("mitogen", "\0"),
            Tuple.of("mitogen", "/etc/passwd"),
            Tuple.of("mitogen", "../../../../../../etc/passwd"),
            Tuple.of("mitogen/../../../../../etc", "passwd"),
            Tuple.of("..", "passwd"),
            Tuple.of("mitogen", "x".repeat(10_000)));

    private static final int DEEP = 200_000;

    /** Returns the content in a LOAD_RESOURCE of any version, which is its last value. */
    static Object contentIn(byte[] answer) {
        List<Object> values = PickleReader.readAll(answer, Globals.STANDARD);
        return values.size() == 2 ? values.get(1) : ((Tuple) values.get(0)).get(2);
    }

    private Attacks() {}

    /** Returns pickles that must be refused; one would make the file {@code trace}, if anything were run. */
    static List<byte[]> pickles(Path trace) {
        List<byte[]> all = new ArrayList<>();
        for (String text : List.of(
                "",
                ".",
                "\u0080\u0002",
                "\u0080\u0002.",
                "\u0080\u00ffN.",
                "N",
                "c__builtin__\nset\n(]tR.",
                "c__builtin__\neval\n(X\u0004\u0000\u0000\u00001+41tR.",
                "cbuiltins\nbytes\n)R.",
                "cos\nsystem\n(S'touch " + trace + "'\ntR.",
                "cposix\nsystem\n(S'touch " + trace + "'\ntR.",
                "(S'touch " + trace + "'\niposix\nsystem\n.",
                "cjava.lang.Runtime\ngetRuntime\n)R.",
                "cio.mitogen.core.call.Context\nnew\n)R.",
                "cmitogen.core\n_unpickle_context\n)R.",
                "cmitogen.core\n_unpickle_context\n(K\u0001K\u0001tR.",
                "cmitogen.core\n_unpickle_sender\n(K\u0001J\u00ff\u00ff\u00ff\u00fftR.",
                "cmitogen.core\nBlob\n)R.",
                "cmitogen.core\nSecret\n(]tR.",
                "cmitogen.core\nKwargs\n(]tR.",
                "c_codecs\nencode\n(K\u0001K\u0001tR.",
                "cmitogen.core\n_unpickle_call_error\n(NtR.",
                "h\u0000.",
                "j\u00ff\u00ff\u00ff\u007f.",
                "r\u00ff\u00ff\u00ff\u007f.",
                "t.",
                "0.",
                "NNNR.",
                "]Nb.",
                "N)\u0081.",
                "P1\n.",
                "NQ.",
                "\u0082\u0001.",
                "I1" + "0".repeat(100_000) + "\n.",
                "Inot a number\n.",
                "Fnot a number\n.")) {
            all.add(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        for (char code : "XTB\u008b".toCharArray()) { // a length of 2 GiB, and a negative one
            all.add(new byte[] {(byte) code, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f, '.'});
            all.add(new byte[] {(byte) code, 0, 0, 0, (byte) 0x80, '.'});
        }
        return all;
    }

    /** Returns pickles of values that contain each other so deep that a program which calls itself for each cannot read them. */
    static List<byte[]> deepPickles() {
        List<byte[]> all = new ArrayList<>();
        all.add(nested("]", "a"));
        all.add(nested("(", "t"));
        all.add(nested("(", "l"));
        all.add(nested("}K\u0001", "s"));
        all.add(repeated(")", "\u0085"));
        all.add(key());
        return all;
    }

    private static byte[] nested(String open, String close) {
        return (open.repeat(DEEP) + "N" + close.repeat(DEEP) + ".").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] repeated(String first, String more) {
        return (first + more.repeat(DEEP) + ".").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A dict whose key is a tuple in a tuple in a tuple ... */
    private static byte[] key() {
        return ("})" + "\u0085".repeat(DEEP) + "Ns.").getBytes(StandardCharsets.ISO_8859_1);
    }

    static String describe(byte[] body) {
        String text = new String(body, 0, Math.min(60, body.length), StandardCharsets.ISO_8859_1);
        return "\"" + text.replaceAll("[^ -~]", "?") + "\" of " + body.length + " bytes";
    }
}
