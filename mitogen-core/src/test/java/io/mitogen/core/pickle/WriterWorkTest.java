// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Values that are made to cost a writer much. Where it fails, it takes minutes. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WriterWorkTest {
    /** The inverse of the factor with which {@link Seen} spreads hash codes. */
    private static final int UNSPREAD = inverse(0x9e3779b1);

    private static int inverse(int odd) {
        int inverse = odd;
        for (int i = 0; i < 5; i++) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }

    /** Returns one of 2^20 texts that all have one hash code. */
    private static String ofOneHash(int number) {
        StringBuilder text = new StringBuilder();
        for (int bit = 0; bit < 20; bit++) {
            text.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return text.toString();
    }

    /** Returns a text whose place in a table of any size is {@code slot}. */
    private static String atSlot(int slot) {
        int spread = (slot << 7) * UNSPREAD;
        int hash = spread ^ spread >>> 15 ^ spread >>> 30;
        StringBuilder digits = new StringBuilder();
        for (long rest = hash & 0xffffffffL; rest > 0; rest /= 31) {
            digits.append((char) (rest % 31));
        }
        return digits.reverse().toString();
    }

    private static List<Object> readBack(Object value) {
        @SuppressWarnings("unchecked") // a list was written
        List<Object> read = (List<Object>) PickleReader.fromBytes(PickleWriter.toBytes(value), Globals.STANDARD);
        return read;
    }

    @Test
    void shouldFindATextAgainWhenManyHaveItsHash() {
        List<Object> texts = new ArrayList<>();
        for (int i = 0; i < 1 << 18; i++) {
            texts.add(ofOneHash(i));
        }
        int once = PickleWriter.toBytes(texts).length;
        texts.add(ofOneHash(1 << 17));

        assertEquals(texts, readBack(texts));
        int put = 5;
        int get = 5;
        assertTrue(PickleWriter.toBytes(texts).length <= once + put + get);
    }

    @Test
    void shouldFindAPlaceWhenTextsCrowdMostOfThem() {
        List<Object> all = new ArrayList<>();
        for (int slot = 0; slot < 1 << 19; slot++) {
            all.add(atSlot(slot));
        }
        int bytes = 1 << 18;
        for (int i = 0; i < bytes; i++) {
            all.add(new byte[0]);
        }
        int length = PickleWriter.toBytes(all).length;
        List<Object> twice = new ArrayList<>(all);
        twice.addAll(all);

        assertEquals(length + all.size() * (5 + 5), PickleWriter.toBytes(twice).length, 1 << 12);
    }

    @Test
    void shouldRefuseATupleWhenTooManyOfItsItemsLeadBackToIt() {
        List<List<Object>> ways = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            ways.add(new ArrayList<>());
        }
        Tuple tuple = Tuple.copyOf(ways);
        ways.forEach(way -> way.add(tuple));

        PickleException refusal = assertThrows(PickleException.class, () -> PickleWriter.toBytes(tuple));
        assertTrue(refusal.getMessage().contains("contains itself"), refusal.getMessage());
    }

    @Test
    void shouldWriteATupleWhenAFewOfItsItemsLeadBackToIt() {
        List<List<Object>> ways = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            ways.add(new ArrayList<>());
        }
        Tuple tuple = Tuple.copyOf(ways);
        ways.forEach(way -> way.add(tuple));

        Tuple read = (Tuple) PickleReader.fromBytes(PickleWriter.toBytes(tuple), Globals.STANDARD);
        for (Object way : read) {
            assertTrue(((List<?>) way).get(0) == read);
        }
    }

    @Test
    void shouldWeighAKeyByWhatItIsMadeOf() {
        Reducible named = new Reducible() {
            @Override
            public String globalModule() {
                return "m";
            }

            @Override
            public String globalName() {
                return "n";
            }

            @Override
            public Tuple arguments() {
                return Tuple.of("x".repeat(6400), new ArrayList<>());
            }
        };
        assertTrue(Keys.weight(named) > 100, "weight " + Keys.weight(named));
        assertTrue(PickleWriter.toBytes(Map.of(named, 1)).length > 6400, "a key, whatever it is made of");
    }
}
