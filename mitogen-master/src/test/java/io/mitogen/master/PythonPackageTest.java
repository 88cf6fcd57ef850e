// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.loop.Broker;
import io.mitogen.parent.BootRefusedException;
import io.mitogen.parent.PythonSupport;
import io.mitogen.python.PythonOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a master sends to Python contexts. */
final class PythonPackageTest {
    @TempDir
    Path folder;

    @Test
    void shouldLookForMitogenAgainUntilItIsThereAndNotAfterwards() throws IOException {
        RouterOptions options =
                RouterOptions.DEFAULT.withPython(PythonOptions.DEFAULT.withMitogenPackage(folder.resolve("mitogen")));
        try (Broker broker = Mitogen.startBroker();
                MasterRouter router = new MasterRouter(broker, options)) {
            BootRefusedException e = assertThrows(BootRefusedException.class, () -> runtime(router));
            assertTrue(e.getMessage().contains("the folder that PythonOptions names has none"), e.getMessage());

            Files.createDirectory(folder.resolve("mitogen"));
            Files.writeString(folder.resolve("mitogen/__init__.py"), "__version__ = (0, 3, 3)\n");
            Files.writeString(folder.resolve("mitogen/core.py"), "pass\n");
            assertEquals("(0, 3, 3)\npass\n", runtime(router));

            Files.delete(folder.resolve("mitogen/__init__.py"));
            assertEquals("(0, 3, 3)\npass\n", runtime(router));
        }
    }

    private static String runtime(MasterRouter router) throws IOException {
        byte[] bytes =
                router.classes().findResources(PythonSupport.RUNTIME).get(0).bytes();
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
