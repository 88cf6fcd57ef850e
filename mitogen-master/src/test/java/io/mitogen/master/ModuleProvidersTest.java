// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.load.ClassImage;
import io.mitogen.core.load.TestCompiler;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModuleProvidersTest {
    @TempDir
    static Path folder;

    private static Path classes;

    @BeforeAll
    static void compile() {
        Path sources = folder.resolve("src");
        classes = folder.resolve("classes");
        TestCompiler.write(sources, "module-info.java", """
                module m {
                    exports m.api;
                    uses m.api.Greeter;
                    provides m.api.Greeter with m.impl.Plain, m.impl.Made, m.impl.Both;
                }
                """);
        TestCompiler.write(
                sources, "m/api/Greeter.java", "package m.api; public interface Greeter { String greet(); }");
        TestCompiler.write(sources, "m/impl/Plain.java", """
                package m.impl;
                public class Plain implements m.api.Greeter { public String greet() { return "plain"; } }
                """);
        TestCompiler.write(sources, "m/impl/Made.java", """
                package m.impl;
                public class Made {
                    private Made() {}
                    public static m.api.Greeter provider() { return () -> "made"; }
                }
                """);
        TestCompiler.write(sources, "m/impl/Both.java", """
                package m.impl;
                public class Both implements m.api.Greeter {
                    public static m.api.Greeter provider() { return new Both(); }
                    public String greet() { return "both"; }
                }
                """);
        TestCompiler.compile(sources, classes, "--release", "17");
    }

    @Test
    void shouldFindProvidersThatOnlyAModuleOfTheClassPathNames() throws Exception {
        for (Path place : List.of(classes, jar("plain.jar", false), jar("versioned.jar", true))) {
            try (URLClassLoader program =
                    new URLClassLoader(new URL[] {place.toUri().toURL()}, null)) {
                assertEquals(List.of("plain", "both"), greetings(program), place.toString());
            }
        }
    }

    @Test
    void shouldFindProvidersOfModulesInLayers() throws Exception {
        ModuleLayer boot = ModuleLayer.boot();
        Configuration modules = boot.configuration().resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of("m"));

        assertEquals(
                List.of("plain", "both"),
                greetings(boot.defineModulesWithOneLoader(modules, null).findLoader("m")));
    }

    @Test
    void shouldKeepTheServiceFileOfAModuleThatHasOne() throws Exception {
        Path place = folder.resolve("with-file");
        copy(classes, place);
        TestCompiler.write(place, "META-INF/services/m.api.Greeter", "m.impl.Both\n");
        try (URLClassLoader program =
                new URLClassLoader(new URL[] {place.toUri().toURL()}, null)) {
            assertEquals(List.of("both"), greetings(program));
        }
    }

    @Test
    void shouldSendProvidersOfModulesAheadOfTheirService() throws Exception {
        try (URLClassLoader program =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, null)) {
            LinkedChild child = new LinkedChild(responder(program)::serve);

            for (Object each : ServiceLoader.load(child.loader.loadClass("m.api.Greeter"), child.loader)) {
                assertEquals(child.loader, each.getClass().getClassLoader());
            }

            assertEquals(List.of("m/api/Greeter.class"), child.requests);
        }
    }

    @Test
    void shouldSayWhichProviderIsLeftOutAndWhatMendsIt() throws Exception {
        try (URLClassLoader program =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, null)) {
            ClassResponder responder = responder(program);
            List<ClassImage> images = new ArrayList<>();

            responder.serve("META-INF/services/m.api.Greeter", "stream", images::add);

            String text = responder
                    .keptBecause("META-INF/services/m.api.Greeter")
                    .orElseThrow()
                    .text();
            assertTrue(text.contains("provider()") && text.contains("m.impl.Made"), text);
            assertTrue(text.contains("META-INF/services/m.api.Greeter"), text);
        }
    }

    private static List<String> greetings(ClassLoader program) throws Exception {
        LinkedChild child = new LinkedChild(responder(program)::serve);
        List<String> greetings = new ArrayList<>();
        Class<?> service = child.loader.loadClass("m.api.Greeter");
        for (Object each : ServiceLoader.load(service, child.loader)) {
            greetings.add((String) service.getMethod("greet").invoke(each));
        }
        return greetings;
    }

    private static ClassResponder responder(ClassLoader program) {
        ClassFinder finder = new ClassFinder();
        finder.add(program);
        return new ClassResponder(finder, ImportPolicy.ALLOW_ALL);
    }

    private static Path jar(String name, boolean isVersioned) throws Exception {
        Path jar = folder.resolve(name);
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Multi-Release", "true");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String entry = classes.relativize(file).toString();
                boolean goesUp = isVersioned && entry.equals("module-info.class");
                out.putNextEntry(new JarEntry(goesUp ? "META-INF/versions/9/" + entry : entry));
                Files.copy(file, out);
            }
        }
        return jar;
    }

    private static void copy(Path from, Path to) throws Exception {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }
}
