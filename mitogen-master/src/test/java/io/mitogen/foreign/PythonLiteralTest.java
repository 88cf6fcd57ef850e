// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.pickle.Tuple;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PythonLiteralTest {
    @Test
    void shouldReadWhatPythonPrints() throws LiteralException {
        assertEquals(null, PythonLiteral.parse("None"));
        assertEquals(true, PythonLiteral.parse("True"));
        assertEquals(false, PythonLiteral.parse(" False "));
        assertEquals(0L, PythonLiteral.parse("0"));
        assertEquals(-134217728L, PythonLiteral.parse("-134217728"));
        assertEquals(BigInteger.ONE.shiftLeft(64), PythonLiteral.parse("18446744073709551616"));
        assertEquals(List.of(), PythonLiteral.parse("[]"));
        assertEquals(List.of(List.of(1L), "a"), PythonLiteral.parse("[[1], 'a']"));
        assertEquals(Tuple.of(), PythonLiteral.parse("()"));
        assertEquals(Tuple.of(0L), PythonLiteral.parse("(0,)"));
        assertEquals(Tuple.of(0L, 3L, 52L, "dev"), PythonLiteral.parse("(0, 3, 52, 'dev')"));
        assertEquals(Map.of(), PythonLiteral.parse("{}"));
        assertEquals(Map.of("a", 1L, 2L, List.of("b")), PythonLiteral.parse("{'a': 1, 2: ['b']}"));
    }

    @Test
    void shouldReadWhatPython2Prints() throws LiteralException {
        assertEquals(List.of("a", "b"), PythonLiteral.parse("['a', u'b']"));
        assertEquals(1L, PythonLiteral.parse("1L"));
    }

    @Test
    void shouldReadTexts() throws LiteralException {
        assertEquals("", PythonLiteral.parse("''"));
        assertEquals("it's", PythonLiteral.parse("\"it's\""));
        assertEquals("\\'\"\n\r\t", PythonLiteral.parse("'\\\\\\'\\\"\\n\\r\\t'"));
        assertEquals(
                "\u0000\u00ff\u20ac\ud83d\ude00\ud800", PythonLiteral.parse("'\\x00\\xFF\\u20ac\\U0001f600\\ud800'"));
        assertEquals("\u00e9\u20ac", PythonLiteral.parse("'\u00e9\u20ac'"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "nul",
                "none",
                "Nonesuch",
                "True1",
                "__import__('os')",
                "1 + 1",
                "1.5",
                "0x10",
                "007",
                "--1",
                "- 1",
                "-",
                "1_000",
                "'a",
                "'a\"",
                "'a\nb'",
                "'a' 'b'",
                "b'a'",
                "r'a'",
                "'\\q'",
                "'\\x0'",
                "'\\xg0'",
                "'\\u00'",
                "'\\U00110000'",
                "'\\Uffffffff'",
                "'\\N{DIGIT ONE}'",
                "'\\101'",
                "'\\",
                "'''a'''",
                "[",
                "[1",
                "[1,",
                "[,]",
                "[1,,2]",
                "[1 2]",
                "[1)",
                "(1)",
                "(1, 2",
                "(,)",
                "{1}",
                "{1: }",
                "{1: 2",
                "{1: 2 3: 4}",
                "{'a': 1, 'a': 2}",
                "{[]: 1}",
                "{(1,): 1}",
                "set()",
                "[1] # no",
                "[1]\n",
                "[\n1]",
                "\uff11",
                "...",
            })
    void shouldRefuseWhatIsNoLiteral(String text) {
        LiteralException e = assertThrows(LiteralException.class, () -> PythonLiteral.parse(text));
        assertTrue(e.getMessage().contains("character"), e.getMessage());
    }

    @Test
    void shouldSayWhereAndWhatWhenItStumbles() {
        LiteralException e =
                assertThrows(LiteralException.class, () -> PythonLiteral.parse("{'a': os.system('\u001b')}"));
        assertEquals("expected a value at character 6, found \"os.system('?')}\"", e.getMessage());
    }

    @Test
    void shouldRefuseWhatIsTooMuch() throws LiteralException {
        int deepest = PythonLiteral.MAX_DEPTH;
        PythonLiteral.parse("[".repeat(deepest) + "]".repeat(deepest));
        for (String text : List.of(
                "[".repeat(deepest + 1) + "]".repeat(deepest + 1),
                "[".repeat(100_000),
                "(".repeat(100_000),
                "{1: ".repeat(100_000),
                "9".repeat(PythonLiteral.MAX_DIGITS + 1),
                "'" + "a".repeat(PythonLiteral.MAX_CHARS) + "'")) {
            assertThrows(LiteralException.class, () -> PythonLiteral.parse(text));
        }
    }

    @Test
    void shouldCountOnlyTheLevelsThatAreOpen() throws LiteralException {
        List<Object> flat = new ArrayList<>();
        for (int i = 0; i < 3 * PythonLiteral.MAX_DEPTH; i++) {
            flat.add(List.of());
        }
        assertEquals(flat, PythonLiteral.parse(flat.toString()));
    }
}
