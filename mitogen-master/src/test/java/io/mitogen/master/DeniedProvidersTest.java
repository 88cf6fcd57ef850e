// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.acme.plugins.Looker;
import io.mitogen.core.load.ClassImage;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a context is told ahead of providers that there are not, and that it is no longer told when there are. */
class DeniedProvidersTest {
    private static final String SERVICES = "META-INF/services/" + Looker.Plugin.class.getName();

    private final ClassFinder finder = new ClassFinder();
    private final ClassResponder responder = new ClassResponder(
            finder, ImportPolicy.ALLOW_ALL, new BundlePlanner.Budget(100, 1 << 20), System::nanoTime);

    @Test
    void shouldSayThatThereAreNoProvidersOnlyAsLongAsThereAreNone(@TempDir Path folder) throws Exception {
        finder.add(Looker.class.getClassLoader());
        assertEquals(List.of(SERVICES), missingOf("first stream"));

        Path file = folder.resolve(SERVICES);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "com.acme.SomePlugin\n");
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
            finder.add(loader);
            assertEquals(List.of(), missingOf("second stream"));
        }
    }

    private List<String> missingOf(String stream) {
        List<ClassImage> images = new ArrayList<>();
        responder.serve(ClassImage.pathOf(Looker.class.getName()), stream, images::add);
        return images.stream()
                .filter(ClassImage::isMissing)
                .map(ClassImage::path)
                .toList();
    }
}
