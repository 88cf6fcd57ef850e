// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.Log;
import io.mitogen.core.testing.RecordingSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PythonModuleResponderTest {
    @TempDir
    Path folder;

    private final RecordingSink sink = new RecordingSink();
    private PythonModuleResponder responder;

    @BeforeEach
    void write() throws IOException {
        PythonTree.write(
                folder.resolve("mitogen"),
                "__init__.py",
                "def main():\n import mitogen.parent\n",
                "core.py",
                "import mitogen\n",
                "select.py",
                "import mitogen.core\n",
                "service.py",
                "import mitogen.core\nimport mitogen.select\nfrom mitogen.core import b\n",
                "parent.py",
                "import mitogen.core\n",
                "compat/__init__.py",
                "",
                "compat/pkgutil.py",
                "",
                "master.py",
                "import mitogen.core, mitogen.parent, sys\n"
                        + "try: import pkgutil\nexcept ImportError: from mitogen.compat import pkgutil\n");
        PythonTree.write(
                folder.resolve("user"),
                "tpkg/__init__.py",
                "import tpkg.a\nimport json\nfrom tpkg import b\n",
                "tpkg/a.py",
                "from . import b\nimport tpkg.sub.deep\n",
                "tpkg/b.py",
                "",
                "tpkg/sub/__init__.py",
                "",
                "tpkg/sub/deep.py",
                "from ..lazy import x as y\n",
                "tpkg/lazy.py",
                "def f(): from . import lazier; import other, mitogen.parent",
                "tpkg/lazier.py",
                "",
                "tpkg/unused.py",
                "",
                "other.py",
                "import tpkg, mitogen.service\n",
                "plain.py",
                "import other\n",
                "__main__.py",
                "");
        responder = responder(PythonModuleResponder.Budget.USUAL);
    }

    private PythonModuleResponder responder(PythonModuleResponder.Budget budget) {
        PythonModuleFinder finder = new PythonModuleFinder(
                folder.resolve("mitogen"),
                List.of(folder.resolve("user")),
                sink.expect("").records()::add);
        return new PythonModuleResponder(finder, (stream, text) -> new Log("test", sink).warning(text), budget);
    }

    private List<String> names(String name, Object stream) {
        return responder.answer(name, stream).stream()
                .map(it -> (it.module() == null ? "no " : "") + it.name())
                .toList();
    }

    @Test
    void shouldSendWhatAPackageImportsAheadOfItByName() {
        assertEquals(
                List.of("tpkg.a", "tpkg.b", "tpkg.lazier", "tpkg.lazy", "tpkg.sub", "tpkg.sub.deep", "tpkg"),
                names("tpkg", "stream"));
    }

    @Test
    void shouldSendOtherPackagesAheadOnlyWhenTheyWentDownBefore() throws IOException {
        assertEquals(
                List.of("mitogen.select", "mitogen.service", "plain"),
                names("plain", "fresh"),
                "the context may have \"other\" and \"tpkg\" itself");

        names("other", "stream");
        assertEquals(List.of("no nothing"), names("nothing", "stream"));
        names("tpkg", "stream");
        PythonTree.write(folder.resolve("user"), "later.py", "import tpkg.unused, other, plain");
        assertEquals(List.of("tpkg.unused", "later"), names("later", "stream"));
    }

    @Test
    void shouldSendModulesOfMitogenAheadButNeverWhatEveryContextHas() {
        assertEquals(List.of("mitogen.select", "mitogen.service"), names("mitogen.service", "stream"));
        assertEquals(List.of("mitogen.parent"), names("mitogen.parent", "stream"));
        assertEquals(List.of("mitogen.select", "mitogen.service", "other"), names("other", "another"));
        assertEquals(List.of("mitogen.parent", "mitogen.master"), names("mitogen.master", "third"));
        assertEquals(List.of("mitogen.core"), names("mitogen.core", "stream"), "asked for, sent");
    }

    @Test
    void shouldAnswerEveryRequestAndSendNothingAheadTwice() {
        names("tpkg", "stream");

        assertEquals(List.of("tpkg"), names("tpkg", "stream"));
        assertEquals(List.of("tpkg.a"), names("tpkg.a", "stream"));
        assertEquals(7, names("tpkg", "other stream").size());
        responder.forget("stream");
        assertEquals(7, names("tpkg", "stream").size());
    }

    @Test
    void shouldListAllThatAModuleLeadsTo() {
        List<PythonModuleResponder.Answer> answers = responder.answer("tpkg", "stream");

        assertEquals(
                List.of("tpkg", "tpkg.a", "tpkg.b", "tpkg.lazier", "tpkg.lazy", "tpkg.sub"),
                answers.get(5).related(),
                "of " + answers.get(5).name());
        assertEquals(
                List.of("mitogen", "mitogen.core", "mitogen.select"),
                responder.answer("mitogen.service", "stream").get(1).related());
    }

    @Test
    void shouldSayNoToTheMainProgramAndToWhatIsNotThere() {
        for (String name :
                List.of("__main__", "json", "nt", "_winapi", "tpkg.nope", "", "tpkg/a.py", "com.acme.Facts")) {
            assertEquals(List.of("no " + name), names(name, "stream"));
            assertEquals(List.of("no " + name), names(name, "stream"), "again");
        }
    }

    @Test
    void shouldKeepToItsBudget() throws IOException {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            PythonTree.write(folder.resolve("user"), "big/m" + (10 + i) + ".py", "# " + i + "\n");
            all.append("import big.m").append(10 + i).append('\n');
        }
        PythonTree.write(folder.resolve("user"), "big/__init__.py", all.toString());

        responder = responder(new PythonModuleResponder.Budget(100, 5, 1 << 20));
        assertEquals(6, names("big", "stream").size());
        assertEquals(
                List.of("big.m39"), names("big.m39", "stream").subList(5, 6), "the rest comes when it is asked for");
        responder = responder(new PythonModuleResponder.Budget(100, 50, 40));
        assertEquals(4, names("big", "stream").size(), "each has 13 bytes");
        responder = responder(new PythonModuleResponder.Budget(10, 50, 1 << 20));
        assertTrue(names("big", "stream").size() >= 31, "a package's own imports are not cut");
    }

    @Test
    void shouldServeWhatItServedFirstWhateverBecomesOfTheFile() throws IOException {
        byte[] before = responder.answer("tpkg.b", "stream").get(0).body();
        PythonTree.write(folder.resolve("user"), "tpkg/b.py", "changed = 1\n");

        assertEquals(hex(before), hex(responder.answer("tpkg.b", "other").get(0).body()));
    }

    @Test
    void shouldAnswerWhenAFileCannotBeRead() throws IOException {
        Path unreadable = folder.resolve("user/locked.zip");
        PythonTree.zip(unreadable, "z.py", "", "y.py", "import z");
        PythonModuleFinder finder = new PythonModuleFinder(null, List.of(unreadable), text -> {});
        responder = new PythonModuleResponder(finder, (stream, text) -> new Log("test", sink).warning(text));
        assertTrue(finder.has("z"));
        Files.delete(unreadable);

        assertEquals(List.of("no z"), names("z", "stream"));
        assertTrue(
                sink.has("could not serve the Python module z: java.nio.file.NoSuchFileException"),
                sink.records()::toString);
    }

    @Test
    void shouldServeSourceInOtherEncodings() throws IOException {
        Files.write(
                folder.resolve("user/latin.py"),
                "# coding: latin-1\nimport other\nx = '\u00e9'\n".getBytes(ISO_8859_1));

        PythonModuleResponder.Answer answer =
                responder.answer("latin", "latins").get(2);

        assertEquals("# coding: utf-8\nimport other\nx = '\u00e9'\n", new String(Bodies.source(answer.body()), UTF_8));
        assertTrue(answer.related().contains("other"));
    }

    @Test
    void shouldServeLargeAndEmptySource() throws IOException {
        String large = "x = '''"
                + IntStream.range(0, 300_000).mapToObj(i -> i + "\r\n").toList() + "'''\n";
        PythonTree.write(folder.resolve("user"), "large.py", large);

        assertEquals(
                large,
                new String(Bodies.source(responder.answer("large", "s").get(0).body()), UTF_8));
        assertEquals(0, Bodies.source(responder.answer("tpkg.b", "s").get(0).body()).length);
    }

    @Test
    void shouldServeResources() throws IOException {
        PythonTree.write(folder.resolve("user"), "tpkg/data.txt", "data");

        assertEquals("data", new String(responder.resource(new LoadResource("tpkg", "data.txt"), "stream"), UTF_8));
        assertNull(responder.resource(new LoadResource("tpkg", "nope"), "stream"));
        assertNull(responder.resource(new LoadResource("nope", "data.txt"), "stream"));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
