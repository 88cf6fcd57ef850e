// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.relay.ClassForwarder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A chain of contexts, each fed by the one before. */
class RelayedClassesTest {
    private final ClassLoader contextLoader = Thread.currentThread().getContextClassLoader();
    private final LinkedChild near =
            new LinkedChild(new ClassResponder(new ClassFinder(), ImportPolicy.ALLOW_ALL)::serve);

    @AfterEach
    void restoreContextLoader() {
        Thread.currentThread().setContextClassLoader(contextLoader);
    }

    @Test
    void shouldSendEachClassOverEachLinkOnceHoweverDeepTheTree() throws Exception {
        LinkedChild middle = childOf(near);
        LinkedChild far = childOf(middle);

        assertEquals(10, runJqwik(far));

        for (LinkedChild each : List.of(near, middle, far)) {
            assertEquals(far.requests, each.requests, "every request goes up once");
            assertReceivedOnce(each);
        }
        assertTrue(far.requests.size() <= 6, far.requests.toString());
    }

    @Test
    void shouldFeedChildrenFromWhatAContextFetchedForItself() throws Exception {
        assertEquals(10, runJqwik(near));
        List<String> before = List.copyOf(near.requests);

        LinkedChild first = childOf(near);
        ClassForwarder forwarder = new ClassForwarder(near.importer);
        LinkedChild second = new LinkedChild(forwarder::onRequest);
        assertEquals(10, runJqwik(first));
        assertEquals(10, runJqwik(second));

        assertEquals(before, near.requests, "nothing had to be asked for again");
        for (LinkedChild each : List.of(first, second)) {
            assertReceivedOnce(each);
            assertTrue(each.requests.size() <= 6, each.requests.toString());
        }
    }

    @Test
    void shouldLoadFromManyThreadsAtOnce() throws Exception {
        LinkedChild source = new LinkedChild(new ClassResponder(new ClassFinder(), ImportPolicy.ALLOW_ALL)::serve);
        runJqwik(source);
        List<String> names = source.received.stream()
                .filter(path ->
                        path.endsWith(".class") && !source.importer.cached(path).isMissing())
                .map(path -> path.substring(0, path.length() - 6).replace('/', '.'))
                .toList();

        List<CompletableFuture<Integer>> results = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int start = i * names.size() / 8;
            results.add(
                    CompletableFuture.supplyAsync(() -> loadAll(near, names, start), task -> new Thread(task).start()));
        }
        for (CompletableFuture<Integer> result : results) {
            assertEquals(names.size(), result.get(60, TimeUnit.SECONDS));
        }
    }

    private static LinkedChild childOf(LinkedChild parent) {
        return new LinkedChild(new ClassForwarder(parent.importer)::onRequest);
    }

    private static void assertReceivedOnce(LinkedChild child) {
        assertEquals(child.received.size(), child.received.stream().distinct().count(), child.received.toString());
    }

    private static int loadAll(LinkedChild child, List<String> names, int start) {
        int count = 0;
        for (int i = 0; i < names.size(); i++) {
            try {
                Class.forName(names.get((start + i) % names.size()), false, child.loader);
                count++;
            } catch (ClassNotFoundException e) {
                throw new AssertionError(e);
            }
        }
        return count;
    }

    private static Object runJqwik(LinkedChild child) throws Exception {
        Thread.currentThread().setContextClassLoader(child.loader);
        return child.loader
                .loadClass("com.acme.app.JqwikUser")
                .getMethod("sampledLists")
                .invoke(null);
    }
}
