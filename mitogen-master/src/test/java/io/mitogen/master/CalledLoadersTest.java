// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.core.Worlds;
import io.mitogen.core.testing.Eventually;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

final class CalledLoadersTest {
    private static final Duration LIMIT = Duration.ofSeconds(25);

    /** A class that outlives the application, and the library that this brings. */
    private static final class OfTheServer {}

    @Test
    void shouldLeaveNothingOfTheLibraryInClassesThatOutliveIt() throws Exception {
        WeakReference<ClassLoader> library = callFromALibraryThatGoes();

        Eventually.until(LIMIT, "the library is collected", () -> {
            System.gc();
            return library.refersTo(null);
        });
    }

    private static WeakReference<ClassLoader> callFromALibraryThatGoes() throws Exception {
        URL[] places = {place(Worlds.class), place(CalledLoaders.class)};
        try (URLClassLoader library = new URLClassLoader(places, ClassLoader.getPlatformClassLoader())) {
            Constructor<?> constructor =
                    library.loadClass(CalledLoaders.class.getName()).getDeclaredConstructor(Predicate.class);
            constructor.setAccessible(true);
            Predicate<ClassLoader> none = loader -> false;
            Object loaders = constructor.newInstance(none);
            Method of = loaders.getClass().getDeclaredMethod("of", Class.class);
            of.setAccessible(true);
            assertEquals("1", of.invoke(loaders, OfTheServer.class));
            return new WeakReference<>(library);
        }
    }

    private static URL place(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    @Test
    void shouldForgetWorldsThatAreGone() throws Exception {
        World living = new World(1, getClass().getClassLoader());
        living.onCalled(getClass());
        for (int number = 2; number < 100; number++) {
            living.isRivalOf(new World(number, new ClassLoader() {}));
        }

        Eventually.until(LIMIT, "what is known of them is forgotten", () -> {
            System.gc();
            return living.knownRivals() == 0;
        });
    }
}
