// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolvedModule;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The modules as a user's module path sees them. The other tests run on the class path, where none of this counts. */
final class ModuleGraphTest {
    private static final String CORE = "io.mitogen.core";
    private static final String MASTER = "io.mitogen.master";
    private static final String SSH = "io.mitogen.ssh";

    @Test
    void shouldResolveWithNothingButOurModulesAndTheJdk() {
        Configuration modules = Configuration.empty().resolve(ourModules(), ModuleFinder.ofSystem(), Set.of(SSH));

        Set<String> ours = modules.modules().stream()
                .map(ResolvedModule::name)
                .filter(name -> ModuleFinder.ofSystem().find(name).isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(CORE, MASTER, SSH), ours);
    }

    @Test
    void shouldRequireOnlyJavaBaseInTheCore() {
        assertEquals(Set.of("java.base"), requiredBy(CORE));
    }

    private static Set<String> requiredBy(String module) {
        return ourModules().find(module).orElseThrow().descriptor().requires().stream()
                .map(ModuleDescriptor.Requires::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static ModuleFinder ourModules() {
        List<Path> places = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(ModuleGraphTest::holdsOneOfOurModules)
                .toList();
        return ModuleFinder.of(places.toArray(Path[]::new));
    }

    /** True for {@code mitogen-core/target/classes} and for {@code mitogen-core-0.1.0.jar}, false for a test-jar. */
    private static boolean holdsOneOfOurModules(Path place) {
        return ModuleFinder.of(place).findAll().stream()
                .map(reference -> reference.descriptor())
                .anyMatch(module -> !module.isAutomatic() && module.name().startsWith("io.mitogen."));
    }
}
