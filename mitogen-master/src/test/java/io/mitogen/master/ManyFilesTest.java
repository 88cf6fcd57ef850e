// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A folder with many files, in a package of a working folder that is on the class path. */
final class ManyFilesTest {
    private static final int FILES = 20_000;

    @TempDir(factory = BelowTheWorkingFolder.class)
    Path folder;

    /** Makes a folder below the working folder of the tests, which is a wide one. */
    static final class BelowTheWorkingFolder implements org.junit.jupiter.api.io.TempDirFactory {
        @Override
        public Path createTempDirectory(
                org.junit.jupiter.api.extension.AnnotatedElementContext element,
                org.junit.jupiter.api.extension.ExtensionContext test)
                throws IOException {
            return Files.createTempDirectory(Path.of("target"), "many");
        }
    }

    @Test
    @Timeout(90) // looked at for each of its files, the folder would keep the others waiting for many minutes
    void shouldLookOnceForTheClassesOfAFolderThatIsListed() throws IOException {
        String name = folder.toString().replace('\\', '/');
        Files.write(folder.resolve("Thing.class"), classFile(name + "/Thing"));
        Path data = Files.createDirectory(folder.resolve("data"));
        for (int i = 0; i < FILES; i++) {
            Files.createFile(data.resolve("f" + i));
        }
        FolderRules rules = new FolderRules(ImportPolicy.ALLOW_ALL, path -> true);
        byte[] listing =
                rules.read(data.toUri().toURL(), name + "/data").orElseThrow().bytes();
        assertEquals(FILES, new String(listing, StandardCharsets.UTF_8).lines().count());
    }

    private static byte[] classFile(String name) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0xCAFEBABE);
        out.writeInt(61);
        out.writeShort(5);
        for (String each : new String[] {name, "java/lang/Object"}) {
            out.writeByte(1);
            out.writeUTF(each);
            out.writeByte(7);
            out.writeShort(each.equals(name) ? 1 : 3);
        }
        for (int each : new int[] {0x21, 2, 4, 0, 0, 0, 0}) {
            out.writeShort(each);
        }
        return bytes.toByteArray();
    }
}
