// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PythonModuleFinderTest {
    @TempDir
    Path folder;

    private final List<String> warnings = new ArrayList<>();

    @Test
    void shouldFindModulesAndPackagesWithTheirChildren() throws IOException {
        Path root = PythonTree.write(
                folder,
                "single.py",
                "S=1\n",
                "pkg/__init__.py",
                "P=1\n",
                "pkg/b.py",
                "",
                "pkg/a.py",
                "A=1\n",
                "pkg/__main__.py",
                "",
                "pkg/sub/__init__.py",
                "",
                "pkg/sub/deep.py",
                "D=1\n",
                "pkg/bare/inner.py",
                "",
                "pkg/data/table.csv",
                "",
                "pkg/no-module.py",
                "",
                "pkg/__pycache__/a.cpython-311.pyc",
                "",
                "pkg/native.so",
                "");
        PythonModuleFinder finder = finder(root);

        assertEquals("single module [] " + root + "/single.py S=1\n", show(finder, "single"));
        assertEquals("pkg package [__main__, a, b, bare, sub] " + root + "/pkg/__init__.py P=1\n", show(finder, "pkg"));
        assertEquals("pkg.a module [] " + root + "/pkg/a.py A=1\n", show(finder, "pkg.a"));
        assertEquals("pkg.sub package [deep] " + root + "/pkg/sub/__init__.py ", show(finder, "pkg.sub"));
        assertEquals("pkg.sub.deep module [] " + root + "/pkg/sub/deep.py D=1\n", show(finder, "pkg.sub.deep"));
        assertEquals("none", show(finder, "pkg.native"));
        assertEquals("none", show(finder, "pkg.data"));
        assertEquals("none", show(finder, "single.x"));
    }

    @Test
    void shouldPreferPackagesToModulesAndEarlierFoldersToLaterOnes() throws IOException {
        Path first =
                PythonTree.write(folder.resolve("1"), "both.py", "module", "both/__init__.py", "package", "m.py", "1");
        Path second =
                PythonTree.write(folder.resolve("2"), "both/x.py", "", "m.py", "2", "m/__init__.py", "", "m/y.py", "");
        PythonModuleFinder finder = finder(first, second);

        assertTrue(show(finder, "both").endsWith("1/both/__init__.py package"), show(finder, "both"));
        assertFalse(finder.has("both.x"), "a package is one folder");
        assertTrue(show(finder, "m").endsWith("1/m.py 1"), show(finder, "m"));
        assertFalse(finder.has("m.y"));
    }

    @Test
    void shouldJoinThePartsOfANamespacePackage() throws IOException {
        Path first = PythonTree.write(folder.resolve("1"), "ns/a.py", "1", "ns/inner/x.py", "", "ns/hidden.txt", "");
        Path second = PythonTree.write(folder.resolve("2"), "ns/a.py", "2", "ns/b.py", "", "ns/inner/y.py", "");
        Path archive = PythonTree.zip(folder.resolve("3.zip"), "ns/c.py", "C=1");
        PythonModuleFinder finder = finder(first, second, archive);

        assertEquals("ns package [a, b, c, inner] " + first + "/ns ", show(finder, "ns"));
        assertTrue(show(finder, "ns.a").endsWith("1/ns/a.py 1"));
        assertEquals("ns.inner package [x, y] " + first + "/ns/inner ", show(finder, "ns.inner"));
        assertEquals("ns.c module [] " + archive + "/ns/c.py C=1", show(finder, "ns.c"));
        assertTrue(finder.has("ns.inner.y"));
    }

    @Test
    void shouldPreferARealPackageToPartsOfANamespaceBeforeIt() throws IOException {
        Path part = PythonTree.write(folder.resolve("1"), "p/part.py", "");
        Path real = PythonTree.write(folder.resolve("2"), "p/__init__.py", "real");

        PythonModuleFinder finder = finder(part, real);

        assertTrue(show(finder, "p").endsWith("2/p/__init__.py real"), show(finder, "p"));
        assertFalse(finder.has("p.part"));
    }

    @Test
    void shouldReadArchivesAndKeepNothingOpen() throws IOException {
        Path archive = PythonTree.zip(
                folder.resolve("lib.jar"),
                "META-INF/MANIFEST.MF",
                "",
                "z/__init__.py",
                "Z=1",
                "z/m.py",
                "",
                "z/data.txt",
                "data",
                "z/sub/x.py",
                "",
                "../out.py",
                "",
                "a-b/c.py",
                "",
                "com/acme/Facts.class",
                "");
        PythonModuleFinder finder = finder(archive);

        assertEquals("z package [m, sub] " + archive + "/z/__init__.py Z=1", show(finder, "z"));
        assertEquals("z.sub package [x] " + archive + "/z/sub ", show(finder, "z.sub"));
        assertEquals("data", resource(finder, "z", "data.txt"));
        assertEquals("none", resource(finder, "z", "sub"));
        assertFalse(finder.has("com"), "nothing of Python in there");
        assertFalse(openFiles().contains(archive.toString()), "it is still open");
        Files.delete(archive);
        assertThrows(IOException.class, () -> finder.find("z"), "it was listed, and cannot be read any more");
    }

    private static List<String> openFiles() throws IOException {
        List<String> files = new ArrayList<>();
        Path descriptors = Path.of("/proc/self/fd");
        if (Files.isDirectory(descriptors)) {
            try (var each = Files.newDirectoryStream(descriptors)) {
                for (Path descriptor : each) {
                    if (Files.isSymbolicLink(descriptor)) {
                        files.add(Files.readSymbolicLink(descriptor).toString());
                    }
                }
            }
        }
        return files;
    }

    @Test
    void shouldSayOnceThatAnArchiveIsBroken() throws IOException {
        Path broken = PythonTree.write(folder, "broken.jar", "no archive").resolve("broken.jar");
        Path good = PythonTree.write(folder.resolve("good"), "m.py", "");
        PythonModuleFinder finder = finder(broken, folder.resolve("not-there.jar"), good);

        assertTrue(finder.has("m"));
        assertFalse(finder.has("n"));
        assertEquals(1, warnings.size(), warnings.toString());
        assertTrue(warnings.get(0).contains(broken.toString()), warnings.toString());
    }

    @Test
    void shouldTakeMitogenFromItsOwnFolderOnly() throws IOException {
        Path other = PythonTree.write(folder.resolve("1"), "mitogen/__init__.py", "other", "mitogen/evil.py", "");
        Path ours = PythonTree.write(
                folder.resolve("named-otherwise"), "__init__.py", "ours", "core.py", "", "compat/__init__.py", "");

        PythonModuleFinder finder = new PythonModuleFinder(ours, List.of(other), warnings::add);

        assertEquals("mitogen package [compat, core] " + ours + "/__init__.py ours", show(finder, "mitogen"));
        assertTrue(finder.has("mitogen.compat"));
        assertFalse(finder.has("mitogen.evil"));
        assertFalse(finder(other).has("mitogen"), "a master without Mitogen serves none");
        assertFalse(finder(other).has("mitogen.evil"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a..b",
                ".a",
                "a.",
                "../secret",
                "..secret",
                "pkg/a",
                "/etc/passwd",
                "pkg\\a",
                "a b",
                "1a",
                "a-b",
                "a\0b",
                "a\u200bb",
                "pkg.__init__.x",
                "pkg:a",
                "~root",
                "python:pkg",
                "com/acme/Facts.class"
            })
    void shouldFindNothingUnderWhatIsNoName(String name) throws IOException {
        PythonTree.write(folder, "secret.py", "", "1a.py", "", "a-b.py", "", "a b.py", "");
        Path root = PythonTree.write(folder.resolve("root"), "pkg/__init__.py", "", "pkg/a.py", "", "a-b.py", "");

        PythonModuleFinder finder = finder(root);

        assertFalse(finder.has(name));
        assertEquals("none", show(finder, name));
        assertEquals("none", resource(finder, name, "a.py"));
    }

    @Test
    void shouldAcceptNamesInAnyScript() throws IOException {
        PythonModuleFinder finder = finder(PythonTree.write(folder, "p\u00e4ckchen.py", "x=1", "_p\u0661.py", ""));

        assertTrue(finder.has("p\u00e4ckchen"));
        assertTrue(finder.has("_p\u0661"));
    }

    @Test
    void shouldFindFilesBesideTheModulesOfAPackageAndNoOthers() throws IOException {
        PythonTree.write(folder, "outside.txt", "secret");
        Path root = PythonTree.write(
                folder.resolve("root"),
                "pkg/__init__.py",
                "",
                "pkg/data.txt",
                "data",
                "pkg/empty",
                "",
                "pkg/folder/x.txt",
                "",
                "module.py",
                "",
                "beside.txt",
                "");
        PythonModuleFinder finder = finder(root);

        assertEquals("data", resource(finder, "pkg", "data.txt"));
        assertEquals("", resource(finder, "pkg", "empty"));
        for (String name : List.of(
                "folder",
                "folder/x.txt",
                "..",
                ".",
                "",
                "../module.py",
                "../../outside.txt",
                "/etc/passwd",
                "nope",
                "a\0b")) {
            assertEquals("none", resource(finder, "pkg", name), name);
        }
        assertEquals("none", resource(finder, "module", "beside.txt"), "a module has no resources");
        assertEquals("none", resource(finder, "nope", "data.txt"));
        assertEquals("none", resource(finder, "", "beside.txt"));
    }

    @Test
    void shouldFindResourcesInEachPartOfANamespacePackage() throws IOException {
        Path first = PythonTree.write(folder.resolve("1"), "ns/a.py", "");
        Path second = PythonTree.write(folder.resolve("2"), "ns/b.py", "", "ns/x.txt", "x");

        assertEquals("x", resource(finder(first, second), "ns", "x.txt"));
    }

    @Test
    void shouldRefuseToReadWhatIsTooLarge() throws IOException {
        Path big = folder.resolve("big.py");
        try (RandomAccessFile file = new RandomAccessFile(big.toFile(), "rw")) {
            file.setLength(ModuleRoot.MAX_FILE_BYTES + 1L);
        }

        IOException e = assertThrows(IOException.class, () -> finder(folder).find("big"));

        assertTrue(e.getMessage().contains(big + " has 67108865 bytes"), e.getMessage());
    }

    @Test
    void shouldEndWhenLinksRunInACircle() throws IOException {
        Path root = PythonTree.write(folder.resolve("root"), "circle/text.txt", "");
        Files.createSymbolicLink(root.resolve("circle/again"), root.resolve("circle"));

        assertFalse(finder(root).has("circle"));
    }

    @Test
    void shouldFollowLinksThatTheUserMade() throws IOException {
        Path elsewhere = PythonTree.write(folder.resolve("elsewhere"), "linked/__init__.py", "L=1");
        Path root = Files.createDirectories(folder.resolve("root"));
        Files.createSymbolicLink(root.resolve("linked"), elsewhere.resolve("linked"));

        assertTrue(finder(root).has("linked"));
    }

    @Test
    void shouldSearchTheClassPathOfTheProgramAfterTheSearchPath() throws IOException {
        Path root = PythonTree.write(folder, "mine.py", "");
        PythonModuleFinder finder =
                PythonModuleFinder.of(PythonOptions.DEFAULT.withSearchPath(List.of(root)), null, warnings::add);

        assertTrue(finder.has("mine"));
        assertTrue(finder.has("on_class_path.part"), "src/test/resources/on_class_path/part.py");
        assertEquals("beside", resource(finder, "on_class_path", "note.txt").strip());
        assertFalse(finder.has("org"), "the jars there have no Python");
        PythonTree.write(folder, "on_class_path/__init__.py", "");
        assertFalse(finder.has("on_class_path.part"), "the search path comes first, as it is now");
    }

    @Test
    void shouldKeepHiddenFilesAndWhatIsNoRegularFile() throws Exception {
        Path root = PythonTree.write(folder, "p/__init__.py", "", "p/.netrc", "secret", "p/.ssh/id_rsa", "secret");
        Path archive = PythonTree.zip(folder.resolve("3.zip"), "q/__init__.py", "", "q/.netrc", "secret");
        Files.createSymbolicLink(root.resolve("p/zero"), Path.of("/dev/zero"));
        PythonModuleFinder finder = finder(root, archive);

        for (String name : List.of(".netrc", ".ssh", ".ssh/id_rsa", "zero", ".", "..", "%2enetrc", "./.netrc")) {
            assertEquals("none", resource(finder, "p", name), name);
            assertEquals("none", resource(finder, "q", name), name);
        }
    }

    @Test
    void shouldKeepWhatLinksLeadToWhenTheFolderIsOneOfTheClassPath() throws IOException {
        Path outside = Files.writeString(folder.resolve("outside.py"), "SECRET = 1");
        Path root = PythonTree.write(folder.resolve("root"), "p/__init__.py", "", "p/data.txt", "data");
        Files.createSymbolicLink(root.resolve("p/out.txt"), outside);
        Files.createSymbolicLink(root.resolve("p/out.py"), outside);
        Files.createSymbolicLink(root.resolve("p/same.txt"), root.resolve("p/data.txt"));
        PythonModuleFinder finder = onClassPath(root);

        assertEquals("none", resource(finder, "p", "out.txt"));
        assertEquals("none", show(finder, "p.out"));
        assertEquals("data", resource(finder, "p", "same.txt"));
        assertEquals(1, warnings.size(), warnings.toString());
        assertEquals("SECRET = 1", resource(finder(root), "p", "out.txt"), "the search path is a choice");
    }

    /** The working folder of this test is that of the module, whose sources are below {@code src}. */
    @Test
    void shouldTakeNoFolderForAPackageInAWorkingFolderOnTheClassPathUnlessItSaysSo() throws IOException {
        PythonModuleFinder wide = onClassPath(Path.of(""));

        assertTrue(finder(Path.of("")).has("src.test.resources.on_class_path.part"));
        assertFalse(wide.has("src"));
        assertFalse(wide.has("src.test.resources.on_class_path.part"));
        assertEquals("none", resource(wide, "src.test.resources.on_class_path", "note.txt"));
    }

    private PythonModuleFinder onClassPath(Path... places) {
        return new PythonModuleFinder(null, List.of(), List.of(places), warnings::add);
    }

    private PythonModuleFinder finder(Path... places) {
        return new PythonModuleFinder(null, List.of(places), warnings::add);
    }

    private static String show(PythonModuleFinder finder, String name) throws IOException {
        return finder.find(name)
                .map(it -> it.name() + (it.isPackage() ? " package " : " module ") + it.children() + " " + it.path()
                        + " " + new String(it.source(), UTF_8))
                .orElse("none");
    }

    private static String resource(PythonModuleFinder finder, String packageName, String name) throws IOException {
        return finder.findResource(packageName, name)
                .map(bytes -> new String(bytes, UTF_8))
                .orElse("none");
    }
}
