// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.Log;
import io.mitogen.core.Nullable;
import io.mitogen.core.buffer.Writable;
import io.mitogen.core.route.Identity;
import io.mitogen.parent.Boot;
import io.mitogen.parent.BootCommand;
import io.mitogen.parent.ConnectException;
import io.mitogen.parent.PythonSupport;
import io.mitogen.parent.Reply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
        this.preamble =
                runtime.preamble("ExternalContext(" + config(runtime.version(), identity, settings) + ").main()");
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

    /** Returns a dict as Python writes it, with what every version of Mitogen wants; none minds what it does not know. */
    static String config(String version, Identity identity, Map<String, ?> settings) {
        List<Object> parents = new ArrayList<>();
        for (int parent : identity.parentIds()) {
            parents.add(Integer.toUnsignedLong(parent));
        }
        int level = ((Number) settings.get("log_level")).intValue();
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("debug", false);
        config.put("profiling", false);
        config.put("unidirectional", settings.get("unidirectional"));
        config.put("log_level", level);
        config.put("log_levels", List.of(level, level, level > Log.IO ? Math.max(level, Log.INFO) : level));
        config.put("whitelist", List.of(""));
        for (String none : new String[] {"blacklist", "import_overrides", "import_blocks"}) {
            config.put(none, List.of());
        }
        config.put("max_message_size", settings.get("max_message_size"));
        inherit(config, level, settings.get(PythonSupport.PYTHON_CONFIG));
        config.put("parent_ids", parents);
        config.put("context_id", Integer.toUnsignedLong(identity.id()));
        config.put("in_fd", PythonScript.LINK_FD);
        config.put("core_src_fd", PythonScript.TEXT_FD);
        String text = PythonRepr.of(config);
        return text.substring(0, text.length() - 1) + ", 'version': " + version + "}";
    }

    /** Tells the context what the Python master at the top of the tree said, also what only its version knows. */
    private static void inherit(Map<String, Object> config, int level, @Nullable Object inherited) {
        if (!(inherited instanceof Map<?, ?> said)) {
            return;
        }
        List<?> usual = (List<?>) config.get("log_levels");
        for (Map.Entry<?, ?> entry : said.entrySet()) {
            config.put((String) entry.getKey(), entry.getValue());
        }
        config.put("log_level", level);
        List<?> levels = (List<?>) config.get("log_levels");
        if (levels.size() == usual.size()
                && level < ((Number) levels.get(0)).intValue()) { // this context is to say more
            List<Object> lower = new ArrayList<>();
            for (int i = 0; i < usual.size(); i++) {
                lower.add(Math.min(((Number) levels.get(i)).intValue(), (Integer) usual.get(i)));
            }
            config.put("log_levels", lower);
        }
    }
}
