// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.Log;
import io.mitogen.core.Nullable;
import io.mitogen.core.buffer.Writable;
import io.mitogen.core.route.Identity;
import io.mitogen.parent.Boot;
import io.mitogen.parent.BootCommand;
import io.mitogen.parent.ConnectException;
import io.mitogen.parent.Reply;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Makes the process a Python interpreter that runs {@code mitogen.core}. For one attempt. */
final class PythonBoot implements Boot {
    private final String interpreter;
    private final PythonRuntime runtime;
    private final byte[] preamble;

    /**
     * @param interpreter path or name on the target, empty to look for one
     * @param settings of the context, as {@code ChildConfig} names them
     */
    PythonBoot(String interpreter, PythonRuntime runtime, Identity identity, Map<String, ?> settings) {
        this.interpreter = interpreter;
        this.runtime = runtime;
        this.preamble = runtime.preamble("ExternalContext(" + config(runtime, identity, settings) + ").main()");
    }

    @Override
    public BootCommand command(String processName) {
        return BootCommand.of(
                PythonScript.SHELL,
                List.of(
                        interpreter,
                        processName,
                        Integer.toString(preamble.length),
                        Integer.toString(PythonVersions.newestFor(runtime)),
                        PythonScript.FIRST_STAGE));
    }

    @Override
    public void prepare() {}

    @Override
    public Writable program(String name, Map<String, Object> settings) {
        return queue -> queue.appendGiven(preamble);
    }

    @Override
    public @Nullable Reply.Failure refusal(String code, String text) {
        return switch (code) {
            case "no-python" -> new Reply.Failure(ConnectException.Reason.NO_PYTHON, "no Python found: " + text);
            case "python-version" ->
                new Reply.Failure(
                        ConnectException.Reason.PYTHON_UNSUITABLE,
                        "found Python " + text + ", but " + PythonVersions.describe(runtime));
            default -> null;
        };
    }

    @Override
    public @Nullable Reply.Failure explain(List<String> heard) {
        return null;
    }

    /** Returns a dict as Python writes it, with what every version of Mitogen wants; none minds what it does not know. */
    private static String config(PythonRuntime runtime, Identity identity, Map<String, ?> settings) {
        StringJoiner parents = new StringJoiner(", ", "[", "]");
        for (int parent : identity.parentIds()) {
            parents.add(Integer.toUnsignedString(parent));
        }
        int level = ((Number) settings.get("log_level")).intValue();
        int ioLevel = level > Log.IO ? Math.max(level, Log.INFO) : level;
        return "{'parent_ids': " + parents
                + ", 'context_id': " + Integer.toUnsignedString(identity.id())
                + ", 'in_fd': " + PythonScript.LINK_FD + ", 'core_src_fd': " + PythonScript.TEXT_FD
                + ", 'debug': False, 'profiling': False"
                + ", 'unidirectional': " + (Boolean.TRUE.equals(settings.get("unidirectional")) ? "True" : "False")
                + ", 'log_level': " + level
                + ", 'log_levels': [" + level + ", " + level + ", " + ioLevel + "]"
                + ", 'whitelist': [''], 'blacklist': [], 'import_overrides': [], 'import_blocks': []"
                + ", 'max_message_size': " + ((Number) settings.get("max_message_size")).longValue()
                + ", 'version': " + runtime.version() + "}";
    }
}
