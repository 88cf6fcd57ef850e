// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ship;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.acme.ship.Probe;
import io.mitogen.connect.InProcess;
import io.mitogen.connect.Local;
import io.mitogen.core.call.CallException;
import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program that is loaded twice, in two versions, by two class loaders of one master. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ClassVersionsIT {
    private static final String JOB = """
            package plug;
            import io.mitogen.core.call.ChildContext;
            import io.mitogen.core.call.Context;
            public class Job implements java.util.function.Function<Object, Object> {
                public Object apply(Object context) { return ((Context) context).call(() -> "JOB " + Dep.name()); }
                public static class Below implements java.util.function.Function<Object, Object> {
                    public Object apply(Object context) {
                        return ((Context) context).call((ChildContext here) -> below(here));
                    }
                    static String below(ChildContext here) {
                        return here.connect(io.mitogen.connect.Local.create()).call(() -> "below, JOB " + Dep.name());
                    }
                }
                public static class Other implements java.util.function.Function<Object, Object> {
                    public Object apply(Object context) { return ((Context) context).call(() -> "other"); }
                }
            }
            """;
    private static final String DEP = "package plug; class Dep { static String name() { return \"DEP\"; } }";

    @TempDir
    Path folder;

    private final Broker broker = Mitogen.startBroker();
    private final MasterRouter router = new MasterRouter(broker);
    private final List<URLClassLoader> loaders = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        router.close();
        broker.close();
        for (URLClassLoader loader : loaders) {
            loader.close();
        }
    }

    @Test
    void shouldRunTheCodeOfTheCallersLoaderWhenTheContextIsNew() throws Exception {
        Function<Object, Object> first = job("one", "first", "dep");
        Function<Object, Object> second = job("two", "second", "dep");

        assertEquals("first dep", first.apply(router.local()));
        assertEquals("second dep", second.apply(router.local()));
        assertEquals("first dep", first.apply(router.local()));
        assertEquals("second dep", second.apply(router.connect(InProcess.create())));
    }

    @Test
    void shouldNameBothVersionsWhenTheContextHasTheOther() throws Exception {
        Function<Object, Object> first = job("one", "first", "dep");
        Function<Object, Object> second = job("two", "second", "dep");
        Context child = router.local();
        first.apply(child);

        assertRefused(() -> second.apply(child), "plug.Job", "one/classes/", "two/classes/");

        assertEquals("first dep", first.apply(child));
    }

    @Test
    void shouldNoticeWhenOnlyWhatTheFunctionNeedsHasChanged() throws Exception {
        Function<Object, Object> first = job("one", "job", "old");
        Function<Object, Object> second = job("two", "job", "new");
        Context child = router.local();
        first.apply(child);

        assertRefused(() -> second.apply(child), "plug.Dep", "one/classes/", "two/classes/");

        assertEquals("job new", second.apply(router.local()));
    }

    @Test
    void shouldTellVersionsApartThatLieInOneFolder() throws Exception {
        Function<Object, Object> first = job("one", "first", "old");
        Context child = router.local();
        first.apply(child);
        Function<Object, Object> second = job("one", "first", "new");

        assertRefused(() -> second.apply(child), "plug.Dep", "one/classes/");

        assertEquals("first new", second.apply(router.local()));
    }

    @Test
    void shouldServeTheCallersVersionWhenTheRelayHasTheOther() throws Exception {
        Function<Object, Object> first = job("one", "first", "dep");
        Function<Object, Object> second = job("two", "second", "dep");
        Context relay = router.local();
        first.apply(relay);
        Context old = router.connect(Local.create().via(relay));
        first.apply(old);

        Context below = router.connect(Local.create().via(relay));

        assertEquals("second dep", second.apply(below));
        assertEquals("first dep", first.apply(router.connect(Local.create().via(relay))));
        assertRefused(() -> second.apply(relay), "plug.Job", "one/classes/", "two/classes/");
        assertRefused(() -> second.apply(old), "plug.Job", "one/classes/", "two/classes/");
    }

    @Test
    void shouldServeTheCallersVersionBelowAPythonRelay() throws Exception {
        Function<Object, Object> first = job("one", "first", "dep");
        Function<Object, Object> second = job("two", "second", "dep");
        Context relay = router.connect(Local.create().python());
        Context old = router.connect(Local.create().via(relay));
        first.apply(old);

        assertEquals("second dep", second.apply(router.connect(Local.create().via(relay))));
        assertRefused(() -> second.apply(old), "plug.Job", "one/classes/", "two/classes/");
    }

    @Test
    void shouldGiveTheContextsOfAContextItsOwnVersion() throws Exception {
        job("one", "first", "dep").apply(router.local());
        load("two", "second", "dep");

        assertEquals("below, second dep", function(1, "plug.Job$Below").apply(router.local()));
    }

    @Test
    void shouldRefuseNothingWhenNoVersionOfWhatIsCalledIsThere() throws Exception {
        Function<Object, Object> first = job("one", "first", "dep");
        Function<Object, Object> second = job("two", "second", "dep");
        Context child = router.local();
        child.call(Probe::ownPid);
        first.apply(router.local());

        assertEquals("second dep", second.apply(child));
        child.call(Probe::ownPid);
        assertEquals("other", function(1, "plug.Job$Other").apply(child));
    }

    @Test
    void shouldRunProgramsThatHaveNothingInCommonInOneContext() throws Exception {
        Function<Object, Object> job = job("one", "first", "dep");
        Program other = new Program(folder.resolve("other"))
                .source("plug2/Task.java", JOB.replace("plug;", "plug2;").replace("Job", "Task"))
                .source("plug2/Dep.java", DEP.replace("plug;", "plug2;"))
                .compile();
        loaders.add(loader(other));
        Function<Object, Object> task = function(1, "plug2.Task");
        Context child = router.local();

        for (int i = 0; i < 2; i++) {
            assertEquals("first dep", job.apply(child));
            assertEquals("JOB DEP", task.apply(child));
        }
    }

    @Test
    void shouldNotKeepALoaderWhoseFunctionsWereCalled() throws Exception {
        Context child = router.local();
        WeakReference<ClassLoader> gone = callOnce(child);

        Eventually.until(Duration.ofSeconds(60), () -> {
            System.gc();
            return gone.refersTo(null);
        });

        Function<Object, Object> second = job("two", "second", "dep");
        assertRefused(() -> second.apply(child), "plug.Job", "one/classes/", "two/classes/");
        assertEquals("second dep", second.apply(router.local()));
    }

    private WeakReference<ClassLoader> callOnce(Context child) throws Exception {
        assertEquals("first dep", job("one", "first", "dep").apply(child));
        URLClassLoader loader = loaders.remove(0);
        loader.close();
        return new WeakReference<>(loader);
    }

    private Function<Object, Object> job(String name, String job, String dep) throws Exception {
        load(name, job, dep);
        return function(loaders.size() - 1, "plug.Job");
    }

    private void load(String name, String job, String dep) throws Exception {
        loaders.add(loader(new Program(folder.resolve(name))
                .source("plug/Job.java", JOB.replace("JOB", job))
                .source("plug/Dep.java", DEP.replace("DEP", dep))
                .compile()));
    }

    private static URLClassLoader loader(Program program) throws IOException {
        return new URLClassLoader(new URL[] {program.classes().toUri().toURL()});
    }

    @SuppressWarnings("unchecked") // the sources above say so
    private Function<Object, Object> function(int loader, String name) throws Exception {
        return (Function<Object, Object>)
                loaders.get(loader).loadClass(name).getConstructor().newInstance();
    }

    private static void assertRefused(Runnable call, String... parts) {
        String message = assertThrows(CallException.class, call::run).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
        assertTrue(message.contains("(checksum ") && message.contains("start a new one"), message);
    }
}
