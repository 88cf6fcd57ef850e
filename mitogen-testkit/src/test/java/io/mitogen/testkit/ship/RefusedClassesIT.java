// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ship;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.acme.ship.Faulty;
import com.acme.ship.Probe;
import com.acme.ship.SlowLoad;
import io.mitogen.connect.Local;
import io.mitogen.core.call.CallException;
import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.ImportPolicy;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.master.RouterOptions;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What user code gets to see of classes that cannot be had: always the name and the reason, and nothing is poisoned. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RefusedClassesIT {
    private static final int MAJOR_AT = 6; // of the class file, two bytes
    private static final int JAVA_TO_MAJOR = 44;

    @TempDir
    Path folder;

    private final Broker broker = Mitogen.startBroker();
    private final MasterRouter router = new MasterRouter(
            broker,
            RouterOptions.DEFAULT.withImports(
                    new ImportPolicy(List.of("com.acme.ship.Faulty$Denied", "secret", "META-INF/keys"), List.of())));

    @AfterEach
    void close() {
        router.close();
        broker.close();
    }

    @Test
    void shouldSayWhichRuleDeniesAClassOrAResource() throws IOException {
        Context child = router.local();

        String failure = failure(() -> child.call(Faulty::useDenied));
        assertTrue(failure.contains("java.lang.NoClassDefFoundError: com/acme/ship/Faulty$Denied"), failure);
        assertTrue(
                failure.contains("ClassNotFoundException: com.acme.ship.Faulty$Denied: the master denies"
                        + " com.acme.ship.Faulty$Denied by its rule \"com.acme.ship.Faulty$Denied\""),
                failure);
        String byName = failure(() -> child.call("com.acme.ship.Faulty$Denied", "toString"));
        assertTrue(byName.contains("cannot call com.acme.ship.Faulty$Denied.toString: class"), byName);
        assertTrue(byName.contains("by its rule"), byName);

        Program secrets = new Program(folder)
                .resource("secret/password.txt", "sesame")
                .resource("META-INF/keys/a.key", "sesame")
                .resource("public.txt", "hello");
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {secrets.classes().toUri().toURL()})) {
            router.classes().add(loader);
            assertEquals("hello", child.call(Probe::text, "public.txt"));
            assertEquals(null, child.call(Probe::text, "secret/password.txt"));
            assertEquals(null, child.call(Probe::text, "META-INF/keys/a.key"));
        }
    }

    @Test
    void shouldServeOnlyWhatIsAllowedWhenSomethingIs() {
        ImportPolicy policy = new ImportPolicy(List.of(), List.of("com.acme.ship.Probe"));
        try (MasterRouter strict = new MasterRouter(broker, RouterOptions.DEFAULT.withImports(policy))) {
            Context child = strict.connect(Local.create().via(strict.local()));

            assertEquals(
                    "java.lang.ClassNotFoundException: com.acme.ship.Faulty: the master allows only"
                            + " [com.acme.ship.Probe], and none of these covers com.acme.ship.Faulty",
                    child.call(Probe::load, "com.acme.ship.Faulty"));
        }
    }

    @Test
    void shouldNameTheModuleThatTheJavaOfTheContextLacks() {
        Context child = router.connect(Local.create().jvmOptions("--limit-modules=java.base"));

        String failure = failure(() -> child.call(Faulty::useSql));

        assertTrue(failure.contains("NoClassDefFoundError: java/sql/Timestamp"), failure);
        assertTrue(
                failure.contains("ClassNotFoundException: java.sql.Timestamp: it is a JDK class of module java.sql"),
                failure);
    }

    @Test
    void shouldNameWhatIsWrongWithAClassThatIsTooNewOrBroken() throws Exception {
        Program program = new Program(folder)
                .source("q/New.java", "package q; public class New {}")
                .source("q/Broken.java", "package q; public class Broken { public static final String X = \"x\"; }")
                .compile();
        Path file = program.classes().resolve("q/New.class");
        byte[] bytes = Files.readAllBytes(file);
        int here = Runtime.version().feature();
        int next = here + 1;
        bytes[MAJOR_AT + 1] = (byte) (next + JAVA_TO_MAJOR);
        Files.write(file, bytes);
        Path broken = program.classes().resolve("q/Broken.class");
        byte[] whole = Files.readAllBytes(broken);
        Files.write(broken, Arrays.copyOf(whole, whole.length - 9));
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {program.classes().toUri().toURL()})) {
            router.classes().add(loader);
            Context child = router.local();

            assertEquals(
                    "java.lang.UnsupportedClassVersionError: q.New was compiled for Java " + next + " (class file "
                            + (next + JAVA_TO_MAJOR) + "), this context runs Java " + here
                            + ": compile with --release " + here + " or give the context a newer Java",
                    child.call(Probe::load, "q.New"));
            String error = child.call(Probe::load, "q.Broken");
            assertTrue(error.startsWith("java.lang.ClassFormatError: q.Broken, which came from "), error);
        }
    }

    @Test
    void shouldTellTheFirstAndTheSecondUseOfAClassThatFailsToInitialise() {
        Context child = router.local();

        String first = failure(() -> child.call(Faulty::useFailing));
        String second = failure(() -> child.call(Faulty::useFailing));

        assertAll(
                () -> assertTrue(first.contains("failed: java.lang.ExceptionInInitializerError"), first),
                () -> assertTrue(first.contains("NumberFormatException: For input string: \"no number\""), first),
                () -> assertTrue(
                        second.contains("NoClassDefFoundError: Could not initialize class com.acme.ship.Faulty$Fails"),
                        second),
                () -> assertTrue(second.contains("For input string: \"no number\""), second));
    }

    @Test
    void shouldNotPoisonAClassWhenItsLoadingIsInterrupted() throws Exception {
        try (URLClassLoader plain = slowClass()) {
            GatedLoader gate = new GatedLoader("q/Slow.class", plain);
            router.classes().add(gate);
            Context child = router.connect(Local.create().via(router.local()));

            child.call(SlowLoad::begin, "q.Slow");
            gate.awaitAsked();
            child.call(SlowLoad::interrupt);
            gate.open();

            assertEquals("q.Slow, interrupted", child.call(SlowLoad::outcome));
            assertEquals("q.Slow", child.call(Probe::load, "q.Slow"));
        }
    }

    @Test
    void shouldFailALoadWithTheReasonWhenTheLinkIsLostAndLoadInANewContext() throws Exception {
        try (URLClassLoader plain = slowClass()) {
            GatedLoader gate = new GatedLoader("q/Slow.class", plain);
            router.classes().add(gate);
            Context child = router.local();
            Path outcome = folder.resolve("outcome");

            child.call(SlowLoad::begin, "q.Slow");
            gate.awaitAsked();
            child.call(SlowLoad::keep, outcome.toString());
            child.shutdown();
            child.gone().join();
            gate.open();

            Eventually.until(Duration.ofSeconds(20), () -> Files.exists(outcome));
            String text = Files.readString(outcome);
            assertTrue(text.startsWith("io.mitogen.core.load.ClassRefusedException: q.Slow was not loaded: "), text);
            assertEquals("q.Slow", router.local().call(Probe::load, "q.Slow"));
        }
    }

    private URLClassLoader slowClass() throws IOException {
        Program program = new Program(folder)
                .source("q/Slow.java", "package q; public class Slow {}")
                .compile();
        return new URLClassLoader(new URL[] {program.classes().toUri().toURL()});
    }

    private static String failure(Executable call) {
        return assertThrows(CallException.class, call).toString();
    }
}
