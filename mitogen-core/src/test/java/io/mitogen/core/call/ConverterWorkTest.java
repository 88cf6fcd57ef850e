// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.mitogen.core.pickle.Kwargs;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Values whose parts are shared: how much is made of them. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConverterWorkTest {
    private static final int WIDTH = 1000;

    private abstract static class Types {
        abstract void cube(List<List<List<List<Long>>>> a);

        abstract void arrays(long[][][][] a);

        abstract void genericArrays(List<Long[]>[] a);

        abstract void maps(Map<String, Map<String, Map<String, List<Long>>>> a);
    }

    /** Functions to call by name. */
    static final class Spread {
        static List<List<Long>> last = List.of();

        private Spread() {}

        @SafeVarargs
        public static int count(List<Long>... lists) {
            last = new ArrayList<>();
            for (List<Long> list : lists) {
                last.add(list);
            }
            return lists.length;
        }
    }

    private static Object convert(Object value, String method) throws Exception {
        for (java.lang.reflect.Method each : Types.class.getDeclaredMethods()) {
            if (each.getName().equals(method)) {
                Type type = each.getGenericParameterTypes()[0];
                return new ValueConverter().convert(value, type, "a");
            }
        }
        throw new AssertionError(method);
    }

    /** Returns a list of as many levels, each item of which is the same list. */
    private static List<Object> shared(int levels) {
        Object item = 1;
        for (int i = 0; i < levels; i++) {
            item = new ArrayList<>(Collections.nCopies(WIDTH, item));
        }
        @SuppressWarnings("unchecked") // made above
        List<Object> list = (List<Object>) item;
        return list;
    }

    @Test
    void shouldConvertASharedListOnce() throws Exception {
        List<?> cube = (List<?>) convert(shared(4), "cube");
        assertEquals(WIDTH, cube.size());
        assertSame(cube.get(0), cube.get(WIDTH - 1));
        assertSame(((List<?>) cube.get(0)).get(0), ((List<?>) cube.get(0)).get(1));
    }

    @Test
    void shouldConvertASharedListToOneArray() throws Exception {
        long[][][][] arrays = (long[][][][]) convert(shared(4), "arrays");
        assertSame(arrays[0], arrays[WIDTH - 1]);
        assertSame(arrays[0][0][0], arrays[0][0][1]);
        assertEquals(1L, arrays[0][0][0][0]);
        List<?>[] generic = (List<?>[]) convert(shared(3), "genericArrays");
        assertSame(generic[0], generic[1]);
        assertSame(generic[0].get(0), generic[0].get(1));
    }

    @Test
    void shouldConvertASharedMapOnce() throws Exception {
        Object value = shared(1);
        for (int level = 0; level < 3; level++) {
            Map<Object, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < WIDTH; i++) {
                map.put("k" + i, value);
            }
            value = map;
        }
        Map<?, ?> maps = (Map<?, ?>) convert(value, "maps");
        assertSame(maps.get("k0"), maps.get("k999"));
        assertSame(((Map<?, ?>) maps.get("k0")).get("k1"), ((Map<?, ?>) maps.get("k0")).get("k2"));
    }

    @Test
    void shouldKeepListsApartThatAreOnlyEqual() throws Exception {
        List<?> cube = (List<?>)
                convert(List.of(List.of(List.of(new ArrayList<>(List.of(1)), new ArrayList<>(List.of(1))))), "cube");
        List<?> inner = (List<?>) ((List<?>) cube.get(0)).get(0);
        assertNotSame(inner.get(0), inner.get(1));
    }

    @Test
    void shouldConvertAListOnceWhenItIsManyOfTheArguments() throws Throwable {
        MethodTable table = new MethodTable(ConverterWorkTest.class.getClassLoader());
        ChildContext child = new ChildContext(null, null, null, null);
        String owner = Spread.class.getName();

        assertEquals(WIDTH, table.call(owner, "count", shared(2).toArray(), Kwargs.of(), child, true));
        assertSame(Spread.last.get(0), Spread.last.get(WIDTH - 1));
    }
}
