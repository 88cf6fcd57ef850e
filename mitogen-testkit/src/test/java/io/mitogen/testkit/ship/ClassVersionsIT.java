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
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import java.lang.ref.WeakReference;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
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

    @AutoClose
    private final ProgramMaster master = new ProgramMaster();

    private final MasterRouter router = master.router;

    private Function<Object, Object> first;
    private Function<Object, Object> second;

    @BeforeEach
    void loadBoth() throws Exception {
        first = job("one", "first", "dep");
        second = job("two", "second", "dep");
    }

    @Test
    void shouldRunTheCodeOfTheCallersLoaderWhenTheContextIsNew() throws Exception {
        assertEquals("first dep", first.apply(router.local()));
        assertEquals("second dep", second.apply(router.local()));
        assertEquals("first dep", first.apply(router.local()));
        assertEquals("second dep", second.apply(router.connect(InProcess.create())));
    }

    @Test
    void shouldNameBothVersionsWhenTheContextHasTheOther() throws Exception {
        Context child = router.local();
        first.apply(child);

        assertRefused(() -> second.apply(child), "plug.Job", "one/classes/", "two/classes/");

        assertEquals("first dep", first.apply(child));
    }

    @Test
    void shouldNoticeWhenOnlyWhatTheFunctionNeedsHasChanged() throws Exception {
        Function<Object, Object> before = job("before", "job", "old");
        Function<Object, Object> after = job("after", "job", "new");
        Context child = router.local();
        before.apply(child);

        assertRefused(() -> after.apply(child), "plug.Dep", "before/classes/", "after/classes/");

        assertEquals("job new", after.apply(router.local()));
    }

    @Test
    void shouldTellVersionsApartThatLieInOneFolder() throws Exception {
        Context child = router.local();
        first.apply(child);
        Function<Object, Object> recompiled = job("one", "first", "new");

        assertRefused(() -> recompiled.apply(child), "plug.Dep", "one/classes/");

        assertEquals("first new", recompiled.apply(router.local()));
    }

    @Test
    void shouldServeTheCallersVersionWhenTheRelayHasTheOther() throws Exception {
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
        Context relay = router.connect(Local.create().python());
        Context old = router.connect(Local.create().via(relay));
        first.apply(old);

        assertEquals("second dep", second.apply(router.connect(Local.create().via(relay))));
        assertRefused(() -> second.apply(old), "plug.Job", "one/classes/", "two/classes/");
    }

    @Test
    void shouldGiveTheContextsOfAContextItsOwnVersion() throws Exception {
        first.apply(router.local());

        assertEquals("below, second dep", beside(second, "plug.Job$Below").apply(router.local()));
    }

    @Test
    void shouldRefuseNothingWhenNoVersionOfWhatIsCalledIsThere() throws Exception {
        Context child = router.local();
        child.call(Probe::ownPid);
        first.apply(router.local());

        assertEquals("second dep", second.apply(child));
        child.call(Probe::ownPid);
        assertEquals("other", beside(second, "plug.Job$Other").apply(child));
    }

    @Test
    void shouldRunProgramsThatHaveNothingInCommonInOneContext() throws Exception {
        Program other = new Program(folder.resolve("other"))
                .source("plug2/Task.java", JOB.replace("plug;", "plug2;").replace("Job", "Task"))
                .source("plug2/Dep.java", DEP.replace("plug;", "plug2;"))
                .compile();
        Function<Object, Object> task = function(master.load(other), "plug2.Task");
        Context child = router.local();

        for (int i = 0; i < 2; i++) {
            assertEquals("first dep", first.apply(child));
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

        assertRefused(() -> second.apply(child), "plug.Job", "one/classes/", "two/classes/");
        assertEquals("second dep", second.apply(router.local()));
    }

    private WeakReference<ClassLoader> callOnce(Context child) throws Exception {
        assertEquals("first dep", first.apply(child));
        URLClassLoader loader = (URLClassLoader) first.getClass().getClassLoader();
        first = null;
        master.unload(loader);
        return new WeakReference<>(loader);
    }

    private Function<Object, Object> job(String folderName, String job, String dep) throws Exception {
        Program program = new Program(folder.resolve(folderName))
                .source("plug/Job.java", JOB.replace("JOB", job))
                .source("plug/Dep.java", DEP.replace("DEP", dep))
                .compile();
        return function(master.load(program), "plug.Job");
    }

    /** Returns another function of the same program. */
    private static Function<Object, Object> beside(Function<Object, Object> known, String name) throws Exception {
        return function(known.getClass().getClassLoader(), name);
    }

    @SuppressWarnings("unchecked") // the sources above say so
    private static Function<Object, Object> function(ClassLoader loader, String name) throws Exception {
        return (Function<Object, Object>)
                loader.loadClass(name).getConstructor().newInstance();
    }

    private static void assertRefused(Runnable call, String... parts) {
        String message = assertThrows(CallException.class, call::run).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
        assertTrue(message.contains("(checksum ") && message.contains("start a new one"), message);
    }
}
