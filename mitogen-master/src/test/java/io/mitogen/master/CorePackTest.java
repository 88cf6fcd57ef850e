// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mitogen.core.boot.ChildMain;
import io.mitogen.core.boot.CoreLoader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Packs of the core, as the loader of the core reads them. */
class CorePackTest {
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
