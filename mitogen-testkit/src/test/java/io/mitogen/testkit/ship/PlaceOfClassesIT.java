// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ship;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.master.MasterRouter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a class in a context knows of the jar or folder it came from, and which of several in a jar it is. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PlaceOfClassesIT {
    private static final String MANIFEST = """
            Manifest-Version: 1.0
            Implementation-Title: places
            Implementation-Version: 9.12
            Implementation-Vendor: acme
            Specification-Version: 9
            Multi-Release: true

            Name: place/inner/
            Implementation-Version: 10
            Sealed: true

            """;

    @TempDir
    Path folder;

    @AutoClose
    private final ProgramMaster master = new ProgramMaster();

    private final MasterRouter router = master.router;

    @Test
    void shouldKnowItsJarAndWhatTheManifestSaysOfItsPackage() throws Exception {
        Path jar = jar(program("base").classes());

        assertEquals("mitogen:/places.jar places 9.12 acme 9, 10 true, true", call(jar, router.local()));
        Context relay = router.local();
        assertEquals(
                "mitogen:/places.jar places 9.12 acme 9, 10 true, true",
                call(jar, router.connect(Local.create().via(relay))));
    }

    @Test
    void shouldKnowItsFolder() throws Exception {
        Path classes = program("base").classes();

        assertEquals(
                "mitogen:/" + classes.toUri().toURL() + " null null null null, null false, true",
                call(classes, router.local()));
    }

    @Test
    void shouldBeOfTheVersionForTheJavaOfItsContextWhateverTheMasterAndTheRelayRun() throws Exception {
        List<Path> homes = Jdks.homes();
        assumeTrue(homes.size() > 1, "there is but one Java here");
        String own = homes.get(0).resolve("bin/java").toString();
        String other = homes.get(1).resolve("bin/java").toString();
        Path jar = jar(program("base").classes(), "17", "18");
        Context here = router.local();
        Context there = router.connect(Local.create().java(other));

        assertEquals(seenBy(here), release(jar, here));
        assertEquals(seenBy(there), release(jar, there));
        Context belowHere = router.connect(Local.create().java(other).via(here));
        assertEquals(seenBy(belowHere), release(jar, belowHere));
        Context belowThere = router.connect(Local.create().java(own).via(there));
        assertEquals(seenBy(belowThere), release(jar, belowThere));
    }

    private static String seenBy(Context context) {
        return context.call(PlaceOfClassesIT::feature) == 17 ? "17" : "18";
    }

    private static int feature() {
        return Runtime.version().feature();
    }

    private Program program(String name) {
        return new Program(folder.resolve(name))
                .source("place/inner/Inner.java", "package place.inner; public class Inner {}")
                .source("place/package-info.java", "@Deprecated package place;")
                .source("place/Release.java", """
                        package place;
                        public class Release implements java.util.function.Function<Object, Object> {
                            public Object apply(Object context) {
                                return ((io.mitogen.core.call.Context) context).call(() -> Name.NAME.toString());
                            }
                            static class Name { static final Object NAME = "%s"; }
                        }
                        """.formatted(name))
                .source("place/Main.java", """
                        package place;
                        public class Main implements java.util.function.Function<Object, Object> {
                            public Object apply(Object context) {
                                return ((io.mitogen.core.call.Context) context).call(() -> told());
                            }
                            static String told() {
                                Package own = Main.class.getPackage();
                                Package inner = place.inner.Inner.class.getPackage();
                                Runnable lambda = () -> {};
                                String place = lambda.getClass().getProtectionDomain().getCodeSource().getLocation().toString().replaceFirst("//c[0-9]+/", "/");
                                return place + " " + own.getImplementationTitle() + " "
                                        + own.getImplementationVersion() + " " + own.getImplementationVendor() + " "
                                        + own.getSpecificationVersion() + ", " + inner.getImplementationVersion() + " "
                                        + inner.isSealed() + ", " + own.isAnnotationPresent(Deprecated.class);
                            }
                        }
                        """)
                .compile();
    }

    /** Makes a jar of what is in a folder, and for some releases of what is compiled for them. */
    private Path jar(Path classes, String... releases) throws IOException {
        Path content = folder.resolve("content");
        Program.copyTree(classes, content);
        for (String release : releases) {
            Program.copyTree(program(release).classes(), content.resolve("META-INF/versions/" + release));
        }
        Manifest manifest = new Manifest(new ByteArrayInputStream(MANIFEST.getBytes(StandardCharsets.UTF_8)));
        return Program.jar(folder.resolve("places.jar"), manifest, content);
    }

    private static String call(Path place, Context context) throws Exception {
        return call(place, "place.Main", context);
    }

    private static String release(Path jar, Context context) throws Exception {
        return call(jar, "place.Release", context);
    }

    @SuppressWarnings("unchecked") // the sources above say so
    private static String call(Path place, String name, Context context) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {place.toUri().toURL()})) {
            return (String) ((Function<Object, Object>)
                            loader.loadClass(name).getConstructor().newInstance())
                    .apply(context);
        }
    }
}
