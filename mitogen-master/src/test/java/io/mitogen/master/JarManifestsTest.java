// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.jar.Attributes.Name;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;

final class JarManifestsTest {
    private final JarManifests manifests = new JarManifests();

    /** A jar with a version of its packages. */
    private static JarURLConnection jar(String name) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Name.IMPLEMENTATION_VERSION, "1");
        return new JarURLConnection(new URL("jar:http://test/" + name + "!/p/A.class")) {
            @Override
            public JarFile getJarFile() {
                throw new UnsupportedOperationException();
            }

            @Override
            public Manifest getManifest() {
                return manifest;
            }

            @Override
            public void connect() {}
        };
    }

    @Test
    void shouldKnowThePackagesOfEachJarHoweverManyCameBefore() throws Exception {
        for (int copy = 0; copy < 3_000; copy++) {
            manifests.of(jar(copy + "/same.jar"));
        }
        for (int number = 0; number < 6_000; number++) {
            String name = number + ".jar";
            manifests.of(jar(name));
            String recent = Math.max(0, number - 5) + ".jar";
            assertNotNull(manifests.packagesIn(manifests.of(jar(recent)).name()), recent);
        }
    }
}
