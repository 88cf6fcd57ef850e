// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.boot.ChildMain;
import io.mitogen.core.boot.CoreLoader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Packs of the core, as the loader of the core reads them. */
class CorePackTest {
    private static final int FIELD = 9;

    /** Serves the rest of the core, and counts how often. */
    private static final class Rest extends ClassLoader {
        private int requests;

        @Override
        public InputStream getResourceAsStream(String name) {
            assertEquals(ShippedLibrary.REST_PATH, name);
            requests++;
            return new ByteArrayInputStream(ShippedLibrary.coreRest());
        }
    }

    private final Rest rest = new Rest();

    private CoreLoader core() throws IOException {
        CoreLoader core = new CoreLoader(ClassLoader.getPlatformClassLoader(), ShippedLibrary.corePayload());
        core.accept(rest);
        return core;
    }

    @Test
    void shouldGiveEveryClassOfTheCoreInAFormThatTheJvmVerifies() throws Exception {
        CoreLoader core = core();
        Set<String> files =
                OwnClasses.read(ChildMain.class, "mitogen-core", name -> true).keySet();

        for (String file : files) {
            String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
            assertSame(core, Class.forName(name, true, core).getClassLoader(), name);
        }

        assertEquals(1, rest.requests, "requests for the rest");
    }

    @Test
    void shouldGiveBackTextsThatHaveMoreInCommonThanOneByteCounts() throws Exception {
        String folder = "io/mitogen/core/" + "a".repeat(300) + '/';
        byte[] file = OwnClasses.read(ChildMain.class, "mitogen-core", name -> name.endsWith("/Log.class"))
                .get("io/mitogen/core/Log.class");
        Map<String, byte[]> files = Map.of(folder + "One.class", file, folder + "Onerous.class", file);

        CoreLoader loader =
                new CoreLoader(ClassLoader.getPlatformClassLoader(), CorePack.of(new byte[0], new TreeMap<>(files)));

        for (String name : files.keySet()) {
            assertArrayEquals(
                    new TrimmedClass(file).toBytes(),
                    loader.getResourceAsStream(name).readAllBytes(),
                    name);
        }
    }

    /** Compilers put the values of constants where they are used, unless they are reached through an object. */
    @Test
    void shouldHaveEveryFieldThatThisLibraryRefersTo() throws Exception {
        CoreLoader core = core();
        Map<String, byte[]> files = new TreeMap<>(OwnClasses.read(ChildMain.class, "mitogen-core", name -> true));
        files.putAll(OwnClasses.read(ShippedLibrary.class, "mitogen-master", name -> true));
        int count = 0;

        for (byte[] file : files.values()) {
            for (String[] field : fieldsOf(new TrimmedClass(file))) {
                if (field[0].startsWith("io/mitogen/core/")) {
                    assertTrue(has(core.loadClass(field[0].replace('/', '.')), field[1]), String.join(".", field));
                    count++;
                }
            }
        }

        assertTrue(count > 500, count + " references to fields");
    }

    /** Returns class and name of each field that the constants of a class refer to. */
    private static List<String[]> fieldsOf(TrimmedClass trimmed) {
        List<String[]> fields = new ArrayList<>();
        for (int i = 1; i < trimmed.constantCount(); i++) {
            byte[] constant = trimmed.constant(i);
            if (constant != null && constant[0] == FIELD) {
                int type = index(constant, 1);
                int name = index(constant, 3);
                fields.add(new String[] {
                    trimmed.text(index(trimmed.constant(type), 1)), trimmed.text(index(trimmed.constant(name), 1))
                });
            }
        }
        return fields;
    }

    private static int index(byte[] constant, int at) {
        return ByteBuffer.wrap(constant).getChar(at);
    }

    private static boolean has(Class<?> type, String field) {
        try {
            type.getDeclaredField(field);
            return true;
        } catch (NoSuchFieldException expected) {
            return type.getSuperclass() != null && has(type.getSuperclass(), field);
        }
    }

    @Test
    void shouldFetchTheRestOnlyWhenSomethingOfItIsNeeded() throws Exception {
        CoreLoader core = core();

        core.loadClass("io.mitogen.core.route.Router");
        core.loadClass("java.lang.String");
        assertEquals(0, rest.requests, "requests before");

        core.loadClass("io.mitogen.core.call.Select");
        core.loadClass("io.mitogen.core.call.Receiver");
        assertEquals(1, rest.requests, "requests after");
    }

    @Test
    void shouldFindWhatAnotherThreadUnpacksMeanwhile() throws Exception {
        CoreLoader core = core();
        Field files = CoreLoader.class.getDeclaredField("files");
        files.setAccessible(true);
        AtomicBoolean raced = new AtomicBoolean();
        files.set(core, new ConcurrentHashMap<Object, Object>((Map<?, ?>) files.get(core)) {
            @Override
            public Object get(Object path) {
                Object file = super.get(path);
                if (path.equals("io/mitogen/core/call/Select.class") && raced.compareAndSet(false, true)) {
                    assertNull(file);
                    assertDoesNotThrow(() -> core.loadClass("io.mitogen.core.call.Receiver"));
                }
                return file;
            }
        });

        assertSame(core, core.loadClass("io.mitogen.core.call.Select").getClassLoader());
    }

    @Test
    void shouldGiveTheFirstStageToChildrenThatStartOthers() throws Exception {
        try (InputStream file = core().getResourceAsStream("io/mitogen/core/boot/FirstStage.class")) {
            assertNotNull(file);
        }
    }

    @Test
    void shouldSayWhichClassThereIsNot() throws Exception {
        CoreLoader core = core();

        Exception e = assertThrows(ClassNotFoundException.class, () -> core.loadClass("io.mitogen.core.Missing"));

        assertEquals("io.mitogen.core.Missing", e.getMessage());
    }
}
