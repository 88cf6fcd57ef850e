// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What a call costs that runs code of a real library, jqwik, in a context that has nothing. It loads 113 classes and
 * looks for 8 service files; measured when the budget was chosen (images per request / KiB, requests, images, bytes):
 *
 * <pre>
 * none         121 requests   121 images    184 kB
 * 50 / 64        7 requests   268 images    442 kB
 * 100 / 128      9 requests   385 images    672 kB
 * 400 / 512      3 requests   387 images    613 kB
 * 800 / 1024     1 request    801 images   1156 kB
 * </pre>
 *
 * <p>With what was cut off going along with the next request, and four times the budget for who asks for what was cut off,
 * 400 / 512 takes 2 requests and 1212 kB here; ShippingIT's test suite, which loads some 950 classes, takes 2 requests and
 * 2576 kB. With twice the budget in place of four times it takes 3, with the same bytes in all.
 */
class BundleBudgetTest {
    private final ClassLoader contextLoader = Thread.currentThread().getContextClassLoader();

    @AfterEach
    void restoreContextLoader() {
        Thread.currentThread().setContextClassLoader(contextLoader);
    }

    @Test
    void shouldRunCodeOfARealLibraryAfterAHandfulOfRequests() throws Exception {
        LinkedChild child = new LinkedChild(new ClassResponder(new ClassFinder(), ImportPolicy.ALLOW_ALL)::serve);

        assertEquals(10, runJqwik(child));

        String figures = child.requests.size() + " requests " + child.requests + ", " + child.received.size()
                + " images, " + child.bytes + " bytes";
        assertAll(
                () -> assertTrue(child.requests.size() <= 2, figures),
                () -> assertTrue(child.bytes <= 1_230_000, figures),
                () -> assertEquals(
                        child.received.size(),
                        child.received.stream().distinct().count(),
                        figures));
    }

    @Test
    void shouldStillRunWhenNothingIsSentAhead() throws Exception {
        BundlePlanner.Budget nothing = new BundlePlanner.Budget(0, 0);
        LinkedChild child = new LinkedChild(
                new ClassResponder(new ClassFinder(), ImportPolicy.ALLOW_ALL, nothing, System::nanoTime)::serve);

        assertEquals(10, runJqwik(child));

        assertEquals(child.requests, child.received);
        assertTrue(child.requests.size() > 100, "only " + child.requests.size() + " requests");
    }

    private static Object runJqwik(LinkedChild child) throws Exception {
        Thread.currentThread().setContextClassLoader(child.loader);
        return child.loader
                .loadClass("com.acme.app.JqwikUser")
                .getMethod("sampledLists")
                .invoke(null);
    }
}
