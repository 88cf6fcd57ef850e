// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResourceUrlsTest {
    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final ImportedClassLoader loader = loader(upstream);

    /** No constructor, in which the thread that watches the time limits of all tests would inherit the loader. */
    @BeforeEach
    void enter() {
        upstream.deniesTheRest = true;
        Thread.currentThread().setContextClassLoader(loader); // as it is in a context
    }

    @AfterEach
    void restore() {
        Thread.currentThread().setContextClassLoader(before);
    }

    @Test
    void shouldOpenAResourceByTheTextOfItsUrl() throws Exception {
        for (String path : List.of("top.txt", "p/a.xsd", "p/a b#c%20d+e?f!/g\u00e4.txt", "p/a.b/c")) {
            serve(path, "content of " + path);
            URL url = loader.getResource(path);

            assertEquals("content of " + path, read(new URL(url.toString())));
            assertEquals("content of " + path, read(url.toURI().toURL()));
            assertEquals(url, new URL(url.toString()));
            assertEquals(url.hashCode(), new URL(url.toString()).hashCode());
        }
    }

    @Test
    void shouldOpenEachCopyByTheTextOfItsUrl() throws Exception {
        upstream.answer(ScriptedUpstream.resource("p/a.txt", "one".getBytes(UTF_8), "two".getBytes(UTF_8)));

        List<URL> urls = Collections.list(loader.getResources("p/a.txt"));

        assertEquals("one", read(new URL(urls.get(0).toString())));
        assertEquals("two", read(new URL(urls.get(1).toString())));
        assertNotEquals(urls.get(0), urls.get(1));
    }

    @Test
    void shouldTellTheTypeOfAResourceByItsName() throws Exception {
        serve("p/page.html", "<p>");
        serve("p/note", "?");
        serve("p/page.html/", "inner.txt\n");

        assertEquals(
                "text/html", loader.getResource("p/page.html").openConnection().getContentType());
        assertEquals(
                "content/unknown", loader.getResource("p/note").openConnection().getContentType());
        assertEquals(
                "text/html",
                new URL(loader.getResource("p/page.html/"), "page.html")
                        .openConnection()
                        .getContentType());
        assertNotNull(loader.getResource("p/page.html").getContent());
    }

    @Test
    void shouldFindResourcesBesideAnother() throws Exception {
        serve("p/a.xsd", "a");
        serve("p/q/b c.xsd", "b");
        serve("r/1+1.xsd", "two");
        URL base = loader.getResource("p/a.xsd");

        assertEquals("b", read(new URL(base, "q/b c.xsd")));
        assertEquals("b", read(new URL(base, "q/b%20c.xsd")));
        assertEquals("two", read(new URL(base, "../r/1+1.xsd")));
        assertEquals("two", read(base.toURI().resolve("../r/1+1.xsd").toURL()));
        assertEquals("two", read(new URL(new URL(base.toString()), "/r/1+1.xsd")));
        assertEquals("a", read(new URI(base.toString() + "#part").toURL()));
    }

    @Test
    void shouldAskTheContextThatMadeTheUrl() throws Exception {
        ScriptedUpstream others = new ScriptedUpstream();
        others.answer(ScriptedUpstream.resource("p/a.txt", "others".getBytes(UTF_8)));
        serve("p/a.txt", "ours");
        String ours = loader.getResource("p/a.txt").toString();
        String theirs = loader(others).getResource("p/a.txt").toString();

        assertNotEquals(ours, theirs);
        assertEquals("ours", read(new URL(ours)));
        assertThrows(FileNotFoundException.class, () -> read(new URL(theirs)));
    }

    @Test
    void shouldFindTheContextByItsThreadsFromAnyOther() throws Exception {
        serve("p/a.txt", "ours");
        String text = loader.getResource("p/a.txt").toString();
        String[] content = new String[1];
        Thread stranger = new Thread(() -> {
            try {
                content[0] = read(new URL(text));
            } catch (Exception e) {
                content[0] = e.toString();
            }
        });
        stranger.setContextClassLoader(before);
        stranger.start();
        stranger.join();

        assertEquals("ours", content[0]);
    }

    @Test
    void shouldNotMindAnotherContextThatHasLostItsMaster() throws Exception {
        serve("p/a.txt", "ours");
        String text = loader.getResource("p/a.txt").toString();
        ScriptedUpstream others = new ScriptedUpstream();
        others.importer.onUpstreamLost("it ended");
        CountDownLatch done = new CountDownLatch(1);
        Thread ours = new Thread(() -> {
            try {
                done.await();
            } catch (InterruptedException expected) {
                // the test is over
            }
        });
        ours.setContextClassLoader(loader);
        ours.start();
        Thread.currentThread().setContextClassLoader(loader(others));
        try {
            assertEquals("ours", read(new URL(text)));
        } finally {
            done.countDown();
            ours.join();
        }
        IOException e = assertThrows(FileNotFoundException.class, () -> read(new URL(text)));
        assertTrue(e.getCause().getMessage().contains("it ended"), e.getCause().getMessage());
    }

    @Test
    void shouldListAFolderAnewWhenItsListCameBroken() throws Exception {
        upstream.answer(ScriptedUpstream.resource("p/", "a.txt\n".getBytes(UTF_8)));
        URL folder = loader.getResource("p/");
        upstream.importer.onImage(ClassImage.found("p/", "test", new byte[] {1, 2, 3}, List.of()));
        assertThrows(CorruptImageException.class, () -> read(folder));

        assertEquals("a.txt\n", read(folder));
    }

    @Test
    void shouldSayWhatSuchAUrlIsWhenItLeadsNowhere() throws Exception {
        serve("p/a.txt", "ours");
        String absent = loader.getResource("p/a.txt").toString().replace("a.txt", "b.txt");
        for (String text :
                List.of(absent, "mitogen://0/p/a.txt", "mitogen:/p/a.txt", "wsjar:file:/x.jar!/a", "wsjar:x")) {
            Exception e = assertThrows(IOException.class, () -> read(new URL(text)), text);
            assertTrue(e.getMessage().contains(text), e.getMessage());
        }
        URL malformed = new URL(loader.getResource("p/a.txt"), "100%.txt");
        assertThrows(FileNotFoundException.class, () -> read(malformed));
    }

    private static ImportedClassLoader loader(ScriptedUpstream upstream) {
        return new ImportedClassLoader(ClassLoader.getPlatformClassLoader(), List.of(), upstream.importer);
    }

    private void serve(String path, String content) {
        upstream.answer(ScriptedUpstream.resource(path, content.getBytes(UTF_8)));
    }

    private static String read(URL url) throws IOException {
        return new String(url.openStream().readAllBytes(), UTF_8);
    }
}
