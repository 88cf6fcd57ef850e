// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.testing.Eventually;
import io.mitogen.master.Mitogen;
import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application that brings the library with it is taken down, in a JVM that goes on: a redeployment, {@code exec:java}. */
@Timeout(300)
final class ApplicationEndIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local",
                "tree",
                "pumped",
                "guests",
                "failures",
                "closedInTheMiddle",
                "python",
                "listener",
                "brokerOnly",
                "pooled"
            })
    void shouldLeaveNoThreadAndNoClassWhenItsApplicationEnds(String program) throws Exception {
        WeakReference<ClassLoader> application = deploy(program);

        awaitCollected(application);
    }

    @Test
    void shouldNotBePinnedByTheContextsOfTheNextDeployment() throws Exception {
        WeakReference<ClassLoader> first = deploy("tree");
        URLClassLoader next = loader();
        try (AutoCloseable living = (AutoCloseable) run(next, "living")) {
            assertNotSame(living.getClass().getClassLoader(), getClass().getClassLoader());
            awaitCollected(first);
        }
        next.close();
    }

    @Test
    void shouldNotBePinnedByAContextThatDetached() throws Exception {
        URLClassLoader application = loader();
        long pid = (Long) run(application, "detached");
        try {
            assertTrue(ProcessHandle.of(pid).isPresent(), "process " + pid);
            WeakReference<ClassLoader> closed = closed(application);
            application = null;

            awaitCollected(closed);
        } finally {
            Trees.signal("KILL", pid);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tree", "guests", "failures", "python", "listener"})
    void shouldNotKeepAnApplicationWhoseLibraryOthersShare(String program) throws Exception {
        try (URLClassLoader library = loader(isOfTheLibrary(true), ClassLoader.getPlatformClassLoader())) {
            URLClassLoader application = loader(isOfTheLibrary(false), library);
            run(application, program);
            WeakReference<ClassLoader> closed = closed(application);
            application = null;

            awaitCollected(closed);
        }
    }

    @Test
    void shouldNotKeepAnApplicationWhoseBrokerGoesOn() throws Exception {
        try (URLClassLoader library = loader(isOfTheLibrary(true), ClassLoader.getPlatformClassLoader());
                AutoCloseable broker = startBroker(library)) {
            URLClassLoader application = loader(isOfTheLibrary(false), library);
            runOnBroker(application, broker);
            WeakReference<ClassLoader> closed = closed(application);
            application = null;

            awaitCollected(closed);
        }
    }

    private static AutoCloseable startBroker(ClassLoader library) throws Exception {
        return (AutoCloseable) inContainer(library, () -> library.loadClass(Mitogen.class.getName())
                .getMethod("startBroker")
                .invoke(null));
    }

    private static void runOnBroker(ClassLoader application, AutoCloseable broker) throws Exception {
        inContainer(application, () -> application
                .loadClass(Application.class.getName())
                .getMethod("onBroker", broker.getClass())
                .invoke(null, broker));
    }

    private static Predicate<String> isOfTheLibrary(boolean wanted) {
        return place -> wanted != place.endsWith("test-classes");
    }

    private static WeakReference<ClassLoader> closed(URLClassLoader loader) throws IOException {
        loader.close();
        return new WeakReference<>(loader);
    }

    /** Runs a program of {@link Application} whose classes nobody else has, and looks for its threads right after it. */
    private static WeakReference<ClassLoader> deploy(String program) throws Exception {
        URLClassLoader loader = loader();
        Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
        run(loader, program);
        Set<String> left = new TreeSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (!before.contains(thread) && (thread.getName().startsWith("mitogen.") || isOf(loader, thread))) {
                left.add(thread.getName());
            }
        }
        assertEquals(Set.of(), left, "threads that the application left behind");
        return closed(loader);
    }

    private static boolean isOf(ClassLoader loader, Thread thread) {
        return thread.getContextClassLoader() == loader || thread.getClass().getClassLoader() == loader;
    }

    private static URLClassLoader loader() throws Exception {
        return loader(place -> true, ClassLoader.getPlatformClassLoader());
    }

    private static URLClassLoader loader(Predicate<String> wanted, ClassLoader parent) throws Exception {
        List<URL> places = new ArrayList<>();
        for (String place : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (wanted.test(place)) {
                places.add(new File(place).toURI().toURL());
            }
        }
        return new URLClassLoader(places.toArray(new URL[0]), parent);
    }

    private static Object run(ClassLoader loader, String program) throws Exception {
        return inContainer(loader, () -> loader.loadClass(Application.class.getName())
                .getMethod(program)
                .invoke(null));
    }

    /** On a thread of its own, with the application's loader, as a container does. */
    private static Object inContainer(ClassLoader loader, Callable<Object> running) throws Exception {
        FutureTask<Object> task = new FutureTask<>(running);
        Thread thread = new Thread(null, task, "container", 0, false);
        thread.setContextClassLoader(loader);
        thread.start();
        Object result = task.get(2, TimeUnit.MINUTES);
        thread.join();
        return result;
    }

    private static void awaitCollected(WeakReference<ClassLoader> application) {
        Eventually.until(LIMIT, "the application's classes are collected", () -> {
            System.gc();
            return application.get() == null;
        });
    }
}
