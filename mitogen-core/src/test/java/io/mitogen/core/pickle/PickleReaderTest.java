// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PickleReaderTest {
    private static Object read(String hex) {
        return PickleReader.fromBytes(Hex.bytes(hex), Globals.STANDARD);
    }

    private static String refusal(byte[] pickle) {
        return assertThrows(PickleException.class, () -> PickleReader.fromBytes(pickle, Globals.STANDARD))
                .getMessage();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void shouldSayWhatItRefusedAndWhere() {
        assertEquals(
                "at byte 13 of a pickle of 16: cannot unpickle 'os'/'system'",
                refusal(ascii("\u0080\u0002" + "cos\nsystem\n)R.")));
        assertEquals("at byte 0 of a pickle of 0: 1 bytes are announced, 0 are left", refusal(new byte[0]));
    }

    @Test
    void shouldRefuseEveryNameWithoutAnAllowList() {
        byte[] pickle = PickleWriter.toBytes(Kwargs.of());
        assertThrows(PickleException.class, () -> PickleReader.fromBytes(pickle, Globals.NONE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "58ffffffff612e", // BINUNICODE
                "54ffffff7f612e", // BINSTRING
                "54ffffffff612e", // BINSTRING, negative
                "42ffffffff612e", // BINBYTES
                "8bffffff7f612e", // LONG4
                "8bffffffff612e", // LONG4, negative
                "8dffffffffffffff7f612e", // BINUNICODE8
                "8effffffffffffffff612e", // BINBYTES8
                "96ffffffffffffff7f612e", // BYTEARRAY8
                "95ffffffffffffff7f4e2e" // FRAME
            })
    void shouldRefuseALengthBeyondTheInput(String hex) {
        assertTrue(refusal(Hex.bytes(hex)).contains("bytes are announced"), hex);
    }

    @Test
    void shouldKeepAMemoEntryWithAHugeNumberWithoutAllocatingForIt() {
        assertEquals(List.of(1, 1), read("5d284b0172ffffffff6affffffff652e"));
        assertEquals(Tuple.of(1, null), read("4b01 72ffffff7f 304e 7202010000 30 6affffff7f 6a02010000 86 2e"));
    }

    @Test
    void shouldFindAMemoEntryThatWasSparseWhenItWasPut() {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.writeBytes(Hex.bytes("4d3930 72c8000000 30"));
        for (int i = 0; i < 199; i++) {
            pickle.writeBytes(new byte[] {'K', (byte) i, 'q', (byte) i, '0'});
        }
        pickle.writeBytes(Hex.bytes("68c8 6803 86 2e"));
        assertEquals(Tuple.of(12345, 3), PickleReader.fromBytes(pickle.toByteArray(), Globals.NONE));
    }

    @ParameterizedTest
    @CsvSource({
        "ed9fbf, true", "eda080, true", "edbfbf, true", "f48fbfbf, true", "efbfbd, true",
        "c080, false", "c1bf, false", "e09fbf, false", "f08fbfbf, false", "f4908080, false",
        "80, false", "e282, false", "f8888080, false", "e2ac28, false", "ff, false"
    })
    void shouldReadUtf8StrictlyButForSurrogates(String bytes, boolean isValid) {
        byte[] pickle = Hex.bytes("8c0" + bytes.length() / 2 + bytes + "2e");
        if (isValid) {
            String text = (String) PickleReader.fromBytes(pickle, Globals.NONE);
            assertEquals(
                    "800258" + "0" + bytes.length() / 2 + "000000" + bytes + "2e", Hex.of(PickleWriter.toBytes(text)));
        } else {
            assertTrue(refusal(pickle).contains("not UTF-8"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "F1e3;1000.0",
                "F-inf;-Infinity",
                "FNaN;NaN",
                "I-12;-12",
                "I9999999999;9999999999",
                "L12L;12",
                "L-5;-5",
                "V\\u0041\\U0001f600\\\\u0041\\n;A\ud83d\ude00\\\\u0041\\n"
            })
    void shouldReadTextValues(String line, String expected) {
        assertEquals(expected, String.valueOf(PickleReader.fromBytes(ascii(line + "\n."), Globals.NONE)));
    }

    @Test
    void shouldTellLongNumbersFromShortOnes() {
        assertEquals(12, PickleReader.fromBytes(ascii("I12\n."), Globals.NONE));
        assertEquals(1L << 40, PickleReader.fromBytes(ascii("I1099511627776\n."), Globals.NONE));
        assertEquals(12L, PickleReader.fromBytes(ascii("L12L\n."), Globals.NONE));
        assertEquals(0L, PickleReader.fromBytes(Hex.bytes("80028a002e"), Globals.NONE));
        assertEquals(-1L, PickleReader.fromBytes(Hex.bytes("80028a02ffff2e"), Globals.NONE));
        assertEquals(-1L, PickleReader.fromBytes(Hex.bytes("80028b0a000000ffffffffffffffffffff2e"), Globals.NONE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Fx",
                "F1d",
                "F0x1p3",
                "F",
                "F ",
                "I",
                "I-",
                "I0x10",
                "I1_0",
                "L",
                "LL",
                "Sab",
                "S'",
                "S'ab\"",
                "S'\\'",
                "S'\\x1'",
                "S'\\xzz'",
                "V\\u12",
                "V\\U00110000",
                "V\\Uffffffff",
                "g1",
                "gx",
                "p1",
                "g-1"
            })
    void shouldRefuseMalformedText(String line) {
        refusal(ascii(line + "\n."));
    }

    @Test
    void shouldReadEscapesInStringsOfProtocol0() {
        Object read = PickleReader.fromBytes(ascii("S'a\\n\\x00\\'\\\\\\101\\7\\q'\n."), Globals.NONE);
        assertArrayEquals(ascii("a\n\0'\\A\u0007\\q"), (byte[]) read);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2e",
                "30",
                "31",
                "32",
                "61",
                "65",
                "73",
                "75",
                "74",
                "85",
                "52",
                "7100",
                "94",
                "4e4e612e",
                "4e28652e",
                "5d4e4e732e",
                "7d284e752e",
                "284e642e",
                "286f2e",
                "4e85522e",
                "2885",
                "50612e0a2e",
                "4b01282e",
                "4b0128322e",
                "4b01512e",
                "8f2e",
                "82012e",
                "972e"
            })
    void shouldRefuseMisusedOpcodes(String hex) {
        refusal(Hex.bytes(hex + "ff"));
    }

    @Test
    void shouldRefuseAGlobalWhereAValueMustBe() {
        String global = "c__builtin__\nbytes\n";
        for (String pickle : List.of(
                global + ".", "]" + global + "a.", global + "\u0085.", "}" + global + "Ns.", "(" + global + "l.")) {
            assertTrue(refusal(ascii(pickle)).contains("a global stands where a value must be"), pickle);
        }
    }

    @Test
    void shouldUseBytesAsKeysByContent() {
        Map<?, ?> map = (Map<?, ?>) read("7d2855016b4b0155016b4b0255016a550161752e");
        assertEquals(2, map.get(Bytes.of(ascii("k"))));
        Map<?, ?> byTuple = (Map<?, ?>) read("7d55016b854b01732e");
        assertEquals(1, byTuple.get(Tuple.of(ascii("k"))));
    }

    @Test
    void shouldRefuseKeysThatAreUnhashableTooDeepOrTooLarge() {
        assertTrue(refusal(Hex.bytes("7d5d4e73")).contains("cannot be hashed"));
        assertTrue(refusal(Hex.bytes("7d5d854e73")).contains("cannot be hashed"));
        assertTrue(refusal(Hex.bytes("7d5d5d864e73")).contains("cannot be hashed"), "two weights must not overflow");
        assertTrue(refusal(ascii("}N" + "\u0085".repeat(100_000) + "Ns.")).contains("too deep"));
        // Each tuple holds the one before twice: 2^50 items for whoever counts them.
        assertTrue(refusal(ascii("}N" + "2\u0086".repeat(50) + "Ns.")).contains("too large"));
    }

    @Test
    void shouldReadNestedSharedTuplesAsAValue() {
        Object value = PickleReader.fromBytes(ascii("N" + "2\u0086".repeat(10_000) + "."), Globals.NONE);
        assertSame(((Tuple) value).get(0), ((Tuple) value).get(1));
    }

    @Test
    void shouldRefuseToCopyOneLargeValueAgainAndAgain() {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.writeBytes(ascii("c_codecs\nencode\nq\u00000X\u0000\u0000\u0001\u0000" + "x".repeat(65536) + "q\u0001"));
        for (int i = 0; i < 20_000; i++) {
            pickle.writeBytes(ascii("h\u0000h\u0001h\u0001\u0086R"));
        }
        assertTrue(refusal(pickle.toByteArray()).contains("too often"));
    }

    @Test
    void shouldRefuseToCompareOneLongSecretAgainAndAgain() {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.writeBytes(ascii("X\u0000\u0000\u0001\u0000" + "x".repeat(65536) + "q\u0000"));
        pickle.writeBytes(
                ascii("cmitogen.core\nSecret\nq\u0001h\u0000\u0085Rq\u0002h\u0001h\u0000\u0085Rq\u0003}h\u0002Ns"));
        for (int i = 0; i < 5_000; i++) {
            pickle.writeBytes(ascii("h\u0003Ns")); // is equal to the one that is there
        }
        assertTrue(refusal(pickle.toByteArray()).contains("too often"));
    }

    @Test
    void shouldRefuseToDecodeOneLongNameAgainAndAgain() {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.writeBytes(
                ascii("cmitogen.core\nKwargs\nq\u0000}T\u0000\u0000\u0001\u0000" + "x".repeat(65536) + "Nsq\u0001"));
        for (int i = 0; i < 5_000; i++) {
            pickle.writeBytes(ascii("h\u0000h\u0001\u0085R"));
        }
        assertTrue(refusal(pickle.toByteArray()).contains("too often"));
    }

    @Test
    void shouldRefuseManyKeysOfOneHashThatHaveNoOrder() {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.writeBytes(ascii("}("));
        for (int i = 0; i < 10_000; i++) {
            pickle.writeBytes(number(i));
            pickle.writeBytes(number(-31 * i));
            pickle.writeBytes(ascii("\u0086N"));
        }
        pickle.writeBytes(ascii("u."));
        assertTrue(refusal(pickle.toByteArray()).contains("the same hash"));
    }

    @Test
    void shouldRefuseManyKeysOfOneHashOfTwoTypes() {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.writeBytes(ascii("}("));
        for (int i = 0; i < 5_000; i++) {
            addNumberOfOneHash(pickle, i);
            addTextOfThatHash(pickle, i);
        }
        pickle.writeBytes(ascii("u."));
        assertTrue(refusal(pickle.toByteArray()).contains("the same hash"));
    }

    @Test
    void shouldRefuseManyKeysOfTheHashOfThoseOfAnotherType() {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.writeBytes(ascii("}("));
        addNumberOfOneHash(pickle, 0);
        for (int i = 0; i < 3_000; i++) {
            addTextOfThatHash(pickle, i);
        }
        for (int i = 1; i < 40_000; i++) {
            addNumberOfOneHash(pickle, i);
        }
        pickle.writeBytes(ascii("u."));
        assertTrue(refusal(pickle.toByteArray()).contains("the same hash"));
    }

    private static void addNumberOfOneHash(ByteArrayOutputStream pickle, int i) {
        pickle.writeBytes(ascii("\u008a\u0008"));
        pickle.write(number(i), 1, 4);
        pickle.write(number(i ^ "Aa".repeat(13).hashCode()), 1, 4);
        pickle.writeBytes(ascii("N"));
    }

    private static void addTextOfThatHash(ByteArrayOutputStream pickle, int i) {
        pickle.writeBytes(ascii("X\u001a\u0000\u0000\u0000"));
        for (int bit = 0; bit < 13; bit++) {
            pickle.writeBytes(ascii((i >> bit & 1) == 0 ? "Aa" : "BB"));
        }
        pickle.writeBytes(ascii("N"));
    }

    @Test
    void shouldReadManyNumbersOfFewHashesAsKeys() {
        Map<Object, Object> pairs = new LinkedHashMap<>();
        for (int i = 0; i < 600; i++) {
            for (int j = 0; j < 600; j++) {
                pairs.put(i == 0 ? (Object) j : (Object) ((long) i << 32 | j), null); // as Python sends both
            }
        }
        assertEquals(pairs, PickleReader.fromBytes(PickleWriter.toBytes(pairs), Globals.NONE));
    }

    @Test
    void shouldReadManyTuplesAsKeys() {
        Map<Object, Object> pairs = new HashMap<>();
        for (int i = 0; i < 1_000; i++) {
            for (int j = 0; j < 200; j++) {
                pairs.put(Tuple.of(i, j), null);
                pairs.put(Tuple.of("text " + i, 0.5 * j), null);
            }
        }
        assertEquals(pairs, PickleReader.fromBytes(PickleWriter.toBytes(pairs), Globals.NONE));
    }

    private static byte[] number(int value) {
        return new byte[] {'J', (byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)};
    }

    @Test
    void shouldReadFromAPartOfAnArray() {
        assertEquals(5, PickleReader.fromBytes(Hex.bytes("ffff4b052eff"), 2, 3, Globals.NONE));
        assertThrows(
                PickleException.class, () -> PickleReader.fromBytes(Hex.bytes("ffff4b052eff"), 2, 2, Globals.NONE));
    }

    @Test
    void shouldReadNoPicklesFromNoBytesAndRefuseRubbishBehindTheLast() {
        assertEquals(new ArrayList<>(), PickleReader.readAll(new byte[0], Globals.NONE));
        assertThrows(PickleException.class, () -> PickleReader.readAll(Hex.bytes("4b052eff"), Globals.NONE));
    }

    @Test
    void shouldBlameThePeerWhenAFactoryFails() {
        Globals globals = Globals.NONE
                .extend()
                .add("m", "f", arguments -> arguments.get(3))
                .build();
        PickleException refusal =
                assertThrows(PickleException.class, () -> PickleReader.fromBytes(ascii("cm\nf\n)R."), globals));
        assertTrue(refusal.getCause() instanceof IndexOutOfBoundsException, refusal::getMessage);
    }
}
