// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.boot.ChildMain;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OwnClassesTest {
    /** Has this library in memory: its classes have no code source, and its resources no URL that anybody can open. */
    private static class MemoryLoader extends ClassLoader {
        MemoryLoader() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] file = in.readAllBytes();
                return defineClass(name, file, 0, file.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }

        @Override
        public InputStream getResourceAsStream(String name) {
            try (InputStream in = OwnClassesTest.class.getClassLoader().getResourceAsStream(name)) {
                return in == null ? null : new ByteArrayInputStream(in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static byte[] made(ClassLoader loader, String what) throws Exception {
        Class<?> library = loader.loadClass(ShippedLibrary.class.getName());
        assertNull(library.getProtectionDomain().getCodeSource().getLocation());
        Method method = library.getDeclaredMethod(what);
        method.setAccessible(true);
        return (byte[]) method.invoke(null);
    }

    @Test
    void shouldReadTheLibraryFromALoaderThatHasItNowhereInTheFileSystem() throws Exception {
        ClassLoader loader = new MemoryLoader();

        assertArrayEquals(ShippedLibrary.corePayload(), made(loader, "corePayload"));
        assertArrayEquals(ShippedLibrary.coreRest(), made(loader, "coreRest"));
        assertArrayEquals(ShippedLibrary.parentClasses(), made(loader, "parentClasses"));
    }

    @Test
    void shouldNameWhatTheLoaderDoesNotHave() throws Exception {
        ClassLoader loader = new MemoryLoader() {
            @Override
            public InputStream getResourceAsStream(String name) {
                return name.endsWith("core/Log.class") ? null : super.getResourceAsStream(name);
            }
        };

        Exception thrown = assertThrows(InvocationTargetException.class, () -> made(loader, "corePayload"));

        String message = thrown.getCause().getMessage();
        assertTrue(message.contains("has no resource io/mitogen/core/Log.class"), message);
    }

    @Test
    void shouldListTheClassesOfTheCoreAndNothingElse() throws IOException {
        Set<String> names =
                OwnClasses.read(ChildMain.class, "mitogen-core", name -> true).keySet();

        assertTrue(names.contains("io/mitogen/core/boot/FirstStage.class"), names.toString());
        assertTrue(names.stream().allMatch(name -> name.startsWith("io/mitogen/core/")), names.toString());
    }
}
