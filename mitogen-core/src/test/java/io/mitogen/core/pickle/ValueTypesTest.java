// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ValueTypesTest {
    @Test
    void shouldCompareTuplesByContentBytesIncluded() {
        Tuple tuple = Tuple.of(1, null, new byte[] {1}, Tuple.of("x"));
        Tuple same = Tuple.of(1, null, new byte[] {1}, Tuple.of("x"));
        assertEquals(tuple, same);
        assertEquals(tuple.hashCode(), same.hashCode());
        assertNotEquals(tuple, Tuple.of(1, null, new byte[] {2}, Tuple.of("x")));
        assertNotEquals(Tuple.of(), Tuple.of((Object) null));
        assertEquals("(1, null)", Tuple.of(1, null).toString());
        assertEquals("(1,)", Tuple.of(1).toString());
    }

    @Test
    void shouldNotFollowTheArrayATupleWasMadeOf() {
        Object[] items = {1};
        Tuple tuple = Tuple.of(items);
        items[0] = 2;
        assertEquals(1, tuple.get(0));
        assertThrows(UnsupportedOperationException.class, () -> tuple.asList().set(0, 3));
    }

    @Test
    void shouldSeeAChangeInsideATupleInItsHash() {
        List<Object> list = new ArrayList<>();
        Tuple tuple = Tuple.of(list);
        int before = tuple.hashCode();
        list.add(1);
        assertNotEquals(before, tuple.hashCode());
    }

    @Test
    void shouldHideSecretsFromPrintAndSerialization() {
        Secret secret = Secret.of("hunter2");
        assertEquals("[secret]", secret.toString());
        assertEquals(
                "Kwargs({password=[secret]})",
                Kwargs.copyOf(Map.of("password", secret)).toString());
        assertFalse(Serializable.class.isAssignableFrom(Secret.class));
        assertEquals("hunter2", secret.reveal());
    }

    @Test
    void shouldCompareSecretsByContent() {
        assertEquals(Secret.of("abc"), Secret.of("abc"));
        for (String other : List.of("abd", "ab", "abcd", "", "abc\0")) {
            assertNotEquals(Secret.of("abc"), Secret.of(other));
            assertNotEquals(Secret.of(other), Secret.of("abc"));
        }
    }

    @Test
    void shouldNotFollowTheMapKwargsWereMadeOf() {
        Map<String, Object> map = new LinkedHashMap<>(Map.of("a", 1));
        Kwargs kwargs = Kwargs.copyOf(map);
        map.put("b", 2);
        assertEquals(Map.of("a", 1), kwargs);
        assertThrows(UnsupportedOperationException.class, () -> kwargs.put("c", 3));
        assertThrows(
                UnsupportedOperationException.class, () -> kwargs.entrySet().clear());
    }

    @Test
    void shouldKeepTheBytesOfABlob() {
        byte[] bytes = {1, 2};
        Blob blob = Blob.of(bytes);
        bytes[0] = 9;
        blob.bytes()[1] = 9;
        assertEquals(Blob.of(new byte[] {1, 2}), blob);
        assertEquals(1, blob.buffer().get(0));
        assertEquals("[blob: 2 bytes]", blob.toString());
    }

    @Test
    void shouldOrderAndPrintBytesAsPythonDoes() {
        assertEquals(-1, Integer.signum(Bytes.of(new byte[] {1}).compareTo(Bytes.of(new byte[] {-1}))));
        assertEquals(
                "b'a\\x00\\xff\\x27'", Bytes.of(new byte[] {'a', 0, -1, '\''}).toString());
        assertEquals(
                "b'" + "x".repeat(64) + "'...",
                Bytes.of("x".repeat(65).getBytes()).toString());
    }

    @Test
    void shouldShareTheArrayOfABytearray() {
        byte[] bytes = {1};
        Bytearray bytearray = Bytearray.wrap(bytes);
        bytearray.bytes()[0] = 2;
        assertEquals(2, bytes[0]);
    }

    @Test
    void shouldRefuseANameThatNothingIsMadeFor() {
        Globals.Builder builder = Globals.NONE.extend();
        Executable adding = () -> builder.add("acme", "Value", null);
        assertEquals("factory", assertThrows(NullPointerException.class, adding).getMessage());
    }
}
