// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.mitogen.core.MitogenException.Blame;
import io.mitogen.core.pickle.Globals;
import io.mitogen.core.pickle.PickleException;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.PickleWriter;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rules for all bytes that are read as a pickle, and for the value that they yield. One thread. */
final class PickleTrial {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Bytes of memory that may be used for each byte of input, and beside that. */
    private static final long MAX_PER_BYTE = 4_000;

    private static final long MAX_BESIDE = 8 << 20;

    /** Types that a function may declare. */
    private abstract static class Declared {
        abstract void a(Object a);

        abstract void b(List<Object> a);

        abstract void c(List<List<List<Object>>> a);

        abstract void d(Object[][] a);

        abstract void e(Map<String, List<Long>> a);

        abstract void f(Map<Object, Map<Object, Object>> a);

        abstract void g(HashMap<Double, ArrayList<String>> a);

        abstract void h(long[][] a);

        abstract <T extends List<? extends T>> void i(List<T[]> a);

        abstract void j(double a);

        abstract void k(String a);

        abstract void l(List<? extends Number>[] a);
    }

    private final Globals globals;
    private final List<Type> types = new ArrayList<>();
    private int values;

    PickleTrial(Globals globals) {
        this.globals = globals;
        for (Method method : Declared.class.getDeclaredMethods()) {
            types.add(method.getGenericParameterTypes()[0]);
        }
    }

    /** Returns how many inputs were values. */
    int values() {
        return values;
    }

    void check(byte[] pickle) {
        long before = allocated();
        Object value;
        try {
            value = PickleReader.fromBytes(pickle, globals);
        } catch (PickleException refusal) {
            assertEquals(Blame.PEER, refusal.blame());
            assertFrugal(before, pickle.length, "to refuse it");
            return;
        }
        assertFrugal(before, pickle.length, "to read it");
        values++;
        checkTypes(value, pickle.length);
        checkWriting(value, pickle.length);
    }

    private void checkTypes(Object value, int length) {
        for (Type type : types) {
            long before = allocated();
            try {
                new ValueConverter().convert(value, type, "value");
            } catch (ConversionException expected) {
                // the usual outcome
            }
            assertFrugal(before, length, "to convert it to " + type);
        }
    }

    private void checkWriting(Object value, int length) {
        long before = allocated();
        byte[] written;
        try {
            written = PickleWriter.toBytes(value);
        } catch (PickleException refusal) {
            assertEquals(Blame.CALLER, refusal.blame());
            assertTrue(refusal.getMessage().contains("contains itself"), refusal.getMessage());
            assertFrugal(before, length, "to refuse to write it");
            return;
        }
        assertFrugal(before, length, "to write it");
        Object again;
        try {
            again = PickleReader.fromBytes(written, globals);
        } catch (PickleException refusal) { // the work that a reader does is a multiple of the bytes that it reads
            assertTrue(
                    written.length < length && refusal.getMessage().contains("used too often"), refusal.getMessage());
            return;
        }
        assertArrayEquals(written, PickleWriter.toBytes(again), "read and written");
    }

    private static long allocated() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private static void assertFrugal(long before, int length, String what) {
        long bytes = allocated() - before;
        long most = MAX_BESIDE + MAX_PER_BYTE * length;
        assertTrue(bytes <= most, () -> bytes + " bytes of memory " + what + ", of " + length + " bytes");
    }
}
