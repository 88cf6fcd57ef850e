// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.python;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.acme.ship.LinkMeter;
import io.mitogen.connect.Local;
import io.mitogen.core.call.CallException;
import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.master.RouterOptions;
import io.mitogen.python.PythonOptions;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.ProcessLeakCheck;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The user's own Python modules, in contexts that are real Python interpreters. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class PythonModulesIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final LinkMeter meter = new LinkMeter();
    private final Local python = Local.create().python();
    private LeakCheck processes;
    private Broker broker;
    private MasterRouter router;

    @BeforeEach
    void start() throws IOException {
        processes = ProcessLeakCheck.start();
        write("shop/__init__.py", "from . import cart\nimport json\nNAME = 'shop'\n");
        write(
                "shop/cart.py",
                "from .stock.shelf import count\nimport os.path\n\ndef total(n):\n    return n * count()\n");
        write("shop/stock/__init__.py", "");
        write("shop/stock/shelf.py", "def count():\n    from . import rare\n    return rare.FACTOR\n");
        write("shop/stock/rare.py", "FACTOR = 7\n");
        write("shop/unused.py", "raise RuntimeError('must not be loaded')\n");
        write("loose/part.py", "VALUE = 11\n\ndef value():\n    return VALUE\n");
        zip(
                "lib.zip",
                "zipped/__init__.py",
                "from zipped.inner import where\n",
                "zipped/inner.py",
                "def where():\n    return __file__\n");
        broker = Mitogen.startBroker();
        router = new MasterRouter(
                broker,
                RouterOptions.DEFAULT.withPython(
                        PythonOptions.DEFAULT.withSearchPath(List.of(folder, folder.resolve("lib.zip")))));
        router.router().tap(meter);
    }

    @AfterEach
    void shouldLeaveNothing() {
        router.close();
        broker.close();
        processes.check(SOON);
    }

    private void write(String path, String source) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, source);
    }

    private void zip(String path, String... files) throws IOException {
        try (OutputStream out = Files.newOutputStream(folder.resolve(path));
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (int i = 0; i < files.length; i += 2) {
                zip.putNextEntry(new ZipEntry(files[i]));
                zip.write(files[i + 1].getBytes(UTF_8));
            }
        }
    }

    @Test
    void shouldBringAPackageWithItsRelativeImportsInOneRequest() {
        Context context = router.connect(python);

        assertEquals(21, context.call("shop.cart", "total", 3));
        assertEquals(
                List.of("shop.cart", "shop.stock", "shop.stock.rare", "shop.stock.shelf", "shop"),
                meter.sent(),
                "what is imported, and nothing else");
        assertEquals(1, meter.requests().size(), meter.figures());
    }

    @Test
    void shouldServeNamespacePackagesArchivesAndTheClassPath() {
        Context context = router.connect(python);

        assertEquals(11, context.call("loose.part", "value"));
        assertEquals("master:" + folder + "/lib.zip/zipped/inner.py", context.call("zipped", "where"));
        assertEquals("found", context.call("python_on_class_path.part", "tell"));
    }

    @Test
    void shouldServeSourceHoweverItIsWritten() throws IOException {
        write("crlf.py", "def text():\r\n    return '''a\r\nb'''\r\n");
        write("marked.py", "\ufeffdef text():\n    return '\u00e9'\n");
        write("astral.py", "def text():\n    return '\ud83d\udc0d'");
        Files.write(
                folder.resolve("latin.py"),
                "# -*- coding: latin-1 -*-\ndef text():\n    return '\u00e9'\n".getBytes(ISO_8859_1));
        write("large.py", "X = 1\n".repeat(500_000) + "def text():\n    return 'large'\n");
        Context context = router.connect(python);

        assertEquals("a\nb", context.call("crlf", "text"));
        assertEquals("\u00e9", context.call("marked", "text"));
        assertEquals("\ud83d\udc0d", context.call("astral", "text"));
        assertEquals("\u00e9", context.call("latin", "text"));
        assertEquals("large", context.call("large", "text"));
    }

    @Test
    void shouldSayThatThereIsNoSuchModule() {
        Context context = router.connect(python);

        CallException missing = assertThrows(CallException.class, () -> context.call("nowhere", "f"));
        assertTrue(missing.getMessage().contains("unable to serve 'nowhere'"), missing::getMessage);
        CallException below = assertThrows(CallException.class, () -> context.call("shop.nowhere", "f"));
        assertTrue(below.getMessage().contains("No module named 'shop.nowhere'"), below::getMessage);
        assertThrows(CallException.class, () -> context.call("nowhere", "f"));
        assertEquals(2, meter.requests().size(), "one for each top level name");
    }

    @Test
    void shouldServeMitogensOwnModules() throws IOException {
        write(
                "own.py",
                "import mitogen.service, mitogen.utils\n\ndef names():\n"
                        + "    return [mitogen.service.Pool.__name__, mitogen.utils.cast.__name__]\n");
        Context context = router.connect(python);

        assertEquals(List.of("Pool", "cast"), context.call("own", "names"));
        assertEquals(
                List.of(
                        "mitogen.master",
                        "mitogen.minify",
                        "mitogen.parent",
                        "mitogen.select",
                        "mitogen.service",
                        "mitogen.utils",
                        "own"),
                meter.sent());
        assertEquals(1, meter.requests().size(), meter.figures());
    }

    @Test
    void shouldServeManyThreadsOfOneContext() throws IOException {
        StringBuilder threads = new StringBuilder("import threading\n\ndef load(n):\n    out = []\n"
                + "    def one(i):\n        out.append(__import__('many%d' % i).X)\n"
                + "    ts = [threading.Thread(target=one, args=(i,)) for i in range(n)]\n"
                + "    [t.start() for t in ts]\n    [t.join() for t in ts]\n    return sum(out)\n");
        write("loader.py", threads.toString());
        for (int i = 0; i < 40; i++) {
            write("many" + i + ".py", "import time\nX = " + i + "\n");
        }
        List<CompletableFuture<Object>> sums = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sums.add(router.connectAsync(python)
                    .thenApplyAsync(context -> context.call("loader", "load", 40), task -> new Thread(task).start()));
        }

        for (CompletableFuture<Object> sum : sums) {
            assertEquals(780, sum.join());
        }
    }

    @Test
    void shouldFeedPythonBelowPythonFromTheOneBetween() {
        Context near = router.connect(python);
        Context far = router.connect(python.via(near));
        int before = meter.sent().size();

        assertEquals(21, far.call("shop.cart", "total", 3));
        assertEquals(21, near.call("shop.cart", "total", 3));

        assertEquals(5, meter.sent().size() - before, "what the one asks for the other has: " + meter.sent());
    }

    @Test
    void shouldFeedPythonBelowJvmsEachModuleOnceOverEachLink() {
        Context jvm = router.local();
        Context lower = router.connect(Local.create().via(jvm));
        List<Context> pythons = new ArrayList<>();
        for (Context parent : List.of(jvm, lower, lower, jvm)) {
            pythons.add(router.connect(python.via(parent)));
        }
        int before = meter.sent().size();

        for (Context each : pythons) {
            assertEquals(21, each.call("shop.cart", "total", 3));
            assertEquals(11, each.call("loose.part", "value"));
            assertThrows(CallException.class, () -> each.call("nowhere", "f"));
        }

        List<String> sent = meter.sent().subList(before, meter.sent().size());
        assertEquals(
                List.of(
                        "python:shop.cart",
                        "python:shop.stock",
                        "python:shop.stock.rare",
                        "python:shop.stock.shelf",
                        "python:shop",
                        "python:loose",
                        "python:loose.part",
                        "python:nowhere"),
                sent);
    }

    @Test
    void shouldServePythonBelowPythonBelowAJvm() {
        Context jvm = router.local();
        Context near = router.connect(python.via(jvm));
        Context far = router.connect(python.via(near));

        assertEquals(21, far.call("shop.cart", "total", 3));
        assertEquals(11, near.call("loose.part", "value"));
        assertTrue(meter.sent().contains("python:mitogen.parent"), meter.sent()::toString);
    }

    @Test
    void shouldServePythonBelowAJvmBelowPython() {
        Context near = router.connect(python);
        Context jvm = router.connect(Local.create().via(near));
        Context lower = router.connect(Local.create().via(jvm));
        List<Context> pythons = List.of(router.connect(python.via(jvm)), router.connect(python.via(lower)));
        int before = meter.sent().size();

        for (Context each : pythons) {
            assertEquals(21, each.call("shop.cart", "total", 3));
            assertEquals(11, each.call("loose.part", "value"));
            assertThrows(CallException.class, () -> each.call("nowhere", "f"));
        }

        List<String> sent = meter.sent().subList(before, meter.sent().size());
        assertEquals(
                List.of(
                        "shop.cart",
                        "shop.stock",
                        "shop.stock.rare",
                        "shop.stock.shelf",
                        "shop",
                        "loose",
                        "loose.part",
                        "nowhere"),
                sent.stream().filter(each -> !each.contains("/")).toList());
    }

    @Test
    void shouldServeAContextWhoseSiblingDiesInTheMiddle() {
        Context jvm = router.local();
        Context dying = router.connect(python.via(jvm));
        Context living = router.connect(python.via(jvm));
        CompletableFuture<Object> lost = dying.callAsync("os", "kill", dying.call("os", "getpid"), 9);

        assertEquals(21, living.call("shop.cart", "total", 3));
        assertThrows(Exception.class, lost::join);
        dying.gone().join();
        assertEquals(11, living.call("loose.part", "value"));
    }
}
