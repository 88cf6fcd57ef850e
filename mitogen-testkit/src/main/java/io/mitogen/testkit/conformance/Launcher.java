// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code java -jar} runs: {@link Main} with the library's other jars. They are not named in the manifest, where compilers would
 * look for them, too, and warn of those that are not there. The main thread.
 */
public final class Launcher {
    private static final String MODULE = "mitogen-testkit";
    private static final String MAIN = "io.mitogen.testkit.conformance.Main";
    private static final int CANNOT_RUN = 2;

    private Launcher() {}

    public static void main(String[] words) throws Exception {
        Path own = Path.of(Launcher.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<URL> urls = new ArrayList<>(List.of(own.toUri().toURL()));
        StringBuilder classPath = new StringBuilder(own.toString());
        for (String module : List.of("mitogen-core", "mitogen-master")) {
            List<Path> places = places(own, module);
            Path jar = places.stream().filter(Files::isRegularFile).findFirst().orElse(null);
            if (jar == null) {
                System.err.println("conformance cannot run: " + module + " is in none of " + places);
                System.exit(CANNOT_RUN);
            }
            urls.add(jar.toUri().toURL());
            classPath.append(File.pathSeparator).append(jar);
        }
        System.setProperty("java.class.path", classPath.toString()); // for the programs that the kit starts
        // Never closed: the kit's main method ends the process.
        URLClassLoader all = new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
        Thread.currentThread().setContextClassLoader(all);
        try {
            all.loadClass(MAIN).getMethod("main", String[].class).invoke(null, (Object) words);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** Returns where the jar of this module and version may be: beside this one, where the build leaves it, in a Maven repository. */
    static List<Path> places(Path own, String module) {
        String name = own.getFileName().toString().replace(MODULE, module);
        Path folder = own.toAbsolutePath().getParent();
        Path modules = folder.resolve("../..").normalize().resolve(module);
        return List.of(
                folder.resolve(name),
                modules.resolve("target").resolve(name),
                modules.resolve(folder.getFileName()).resolve(name));
    }
}
