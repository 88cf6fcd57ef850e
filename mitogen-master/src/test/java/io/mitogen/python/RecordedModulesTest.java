// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.mitogen.core.pickle.Globals;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.core.wire.Handles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What masters of two versions of Python Mitogen sent, recorded, and what ours sends for the same files: the same. */
final class RecordedModulesTest {
    private static final String USERS = "/srv/app/users";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "0.3.3, import",
        "0.3.3, basic",
        "0.3.3, chain",
        "0.3.52dev, import",
        "0.3.52dev, basic",
        "0.3.52dev, resource",
        "0.3.52dev_py27-children, basic"
    })
    void shouldSendTheSameModulesInTheSameOrder(String version, String session) throws IOException {
        RecordedFrames frames = RecordedFrames.of(version, session);
        PythonModuleResponder responder = responder(frames);
        List<String> recorded = new ArrayList<>();
        for (RecordedFrames.Frame each : frames.on(Handles.LOAD_MODULE)) {
            recorded.add(Bodies.show(each.body(), USERS));
        }
        List<String> ours = new ArrayList<>();
        for (RecordedFrames.Frame request : frames.on(Handles.GET_MODULE)) {
            for (PythonModuleResponder.Answer each : responder.answer(new String(request.body(), UTF_8), "stream")) {
                ours.add(Bodies.show(each.body(), folder + "/users"));
            }
        }

        assertFalse(recorded.isEmpty());
        assertEquals(recorded, ours);
    }

    @Test
    void shouldAnswerForResourcesInTheSameWords() throws IOException {
        RecordedFrames frames = RecordedFrames.of("0.3.52dev", "resource");
        PythonModuleResponder responder = responder(frames);
        PythonTree.write(folder.resolve("users/tmods/tpkg"), "data.txt", "data file\n");
        List<RecordedFrames.Frame> requests = frames.on(Handles.GET_RESOURCE);
        List<RecordedFrames.Frame> answers = frames.on(Handles.LOAD_RESOURCE);

        assertEquals(2, answers.size());
        for (int i = 0; i < answers.size(); i++) {
            LoadResource wanted = LoadResource.decode(requests.get(i).body());
            assertEquals(wanted, LoadResource.decode(wanted.request()));
            assertEquals(wanted, LoadResource.decode(answers.get(i).body()));
            assertEquals(pickles(answers.get(i).body()), pickles(wanted.answer(responder.resource(wanted, "stream"))));
        }
    }

    /** Returns both pickles of a body, read one by one, in words. */
    private static List<String> pickles(byte[] body) {
        Object name = PickleReader.fromBytes(body, Globals.NONE);
        int second = new String(body, ISO_8859_1).lastIndexOf(".\u0080\u0002") + 1;
        Object content = PickleReader.fromBytes(Arrays.copyOfRange(body, second, body.length), Globals.NONE);
        return List.of(name.toString(), content == null ? "None" : new String((byte[]) content, UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"0.3.3", "0.3.52dev"})
    void shouldReadWhatWasRecorded(String version) {
        for (RecordedFrames.Frame each : RecordedFrames.of(version, "import").on(Handles.LOAD_MODULE)) {
            LoadModule read = LoadModule.decode(each.body());
            Tuple tuple = Bodies.tuple(each.body());
            assertEquals(tuple.get(0), read.name());
            assertEquals(tuple.get(2) == null, read.isMissing());
            assertEquals(tuple.get(4) instanceof List ? tuple.get(4) : List.of(), read.related());
        }
    }

    /** Writes the sources in a recording, and what its packages list, and makes a responder that finds them. */
    private PythonModuleResponder responder(RecordedFrames frames) throws IOException {
        Path users = folder.resolve("users");
        for (RecordedFrames.Frame each : frames.on(Handles.LOAD_MODULE)) {
            Tuple tuple = Bodies.tuple(each.body());
            if (tuple.get(2) != null) {
                String path = ((String) tuple.get(2)).substring(USERS.length() + 1);
                PythonTree.write(users, path, new String(Bodies.source(each.body()), UTF_8));
                if (tuple.get(0).equals("tpkg")) {
                    PythonTree.write(users, path.replace("__init__", "unused"), "");
                }
            }
        }
        PythonTree.write(
                folder.resolve("mitogen"),
                "__init__.py",
                "def main():\n    import mitogen.parent\n",
                "core.py",
                "try:\n    import mitogen\nexcept ImportError: pass\ndef f():\n    import mitogen.service\n",
                "parent.py",
                "",
                "service.py",
                "");
        PythonModuleFinder finder =
                new PythonModuleFinder(folder.resolve("mitogen"), List.of(users.resolve("tmods"), users), text -> {});
        return new PythonModuleResponder(finder, (stream, text) -> {});
    }
}
