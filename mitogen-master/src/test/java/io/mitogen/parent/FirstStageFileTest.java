// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Constructor;
import org.junit.jupiter.api.Test;

final class FirstStageFileTest {
    /** Defines the class as a JVM does. */
    private static final class Loader extends ClassLoader {
        Class<?> define(byte[] file) {
            return defineClass(null, file, 0, file.length);
        }
    }

    @Test
    void shouldHaveNoPackageAndAConstructorThatTheJvmCallsWithoutAMethodHandle() throws Exception {
        Constructor<?> constructor = define().getConstructor(ClassLoader.class);

        assertTrue(constructor.isVarArgs());
        assertSame(getClass().getClassLoader(), made(constructor).getParent());
    }

    private static Class<?> define() throws IOException {
        Class<?> first = new Loader().define(FirstStageFile.read());
        assertEquals("FirstStage", first.getName());
        return first;
    }

    private static ClassLoader made(Constructor<?> constructor) throws ReflectiveOperationException {
        return (ClassLoader) constructor.newInstance(FirstStageFileTest.class.getClassLoader());
    }
}
