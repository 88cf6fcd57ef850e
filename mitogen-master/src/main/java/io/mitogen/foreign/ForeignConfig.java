// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.foreign;

import io.mitogen.core.Log;
import io.mitogen.core.boot.ChildConfig;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.core.route.Identity;
import io.mitogen.master.RouterOptions;
import io.mitogen.parent.Parenthood;
import io.mitogen.parent.PythonSupport;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The configuration of a Python child, with the checks that Python leaves out, and what it becomes for a JVM child. Keys and
 * their meaning: {@code ExternalContext} of {@code mitogen/core.py}, of Mitogen 0.3.3 and of those since 0.3.45. Immutable.
 */
final class ForeignConfig {
    private static final long MAX_ID = 0xffff_ffffL;

    /** Keys that each parent sets for each child: who and where it is, and how it is started. All others are passed on below. */
    private static final Set<String> OF_ONE_CHILD = Set.of(
            "context_id",
            "parent_ids",
            "version",
            "profiling",
            "in_fd",
            "out_fd",
            "core_src_fd",
            "setup_package",
            "setup_stdio",
            "send_ec2",
            "importer",
            "on_start");

    private final Map<?, ?> config;

    private ForeignConfig(Map<?, ?> config) {
        this.config = config;
    }

    /**
     * Returns the configuration of a child.
     *
     * @param name of the child, which Python does not tell it
     * @param classPath where it finds classes
     */
    static ChildConfig childConfig(Preamble preamble, String name, List<String> classPath) throws PreambleException {
        ForeignConfig foreign = new ForeignConfig(preamble.config());
        Map<String, Object> settings = new HashMap<>();
        settings.put("name", name);
        settings.put("class_path", classPath);
        settings.put("unidirectional", foreign.flag("unidirectional"));
        settings.put("max_message_size", foreign.maxMessageBytes());
        settings.put("log_level", foreign.logLevel());
        settings.put("pumped", RouterOptions.DEFAULT.pumped());
        settings.put(Parenthood.ATTEMPTS_AT_A_TIME, RouterOptions.DEFAULT.attemptsAtATime());
        settings.put(PythonSupport.PYTHON_PARENT, true);
        settings.put(PythonSupport.PYTHON_CORE, preamble.coreSource());
        settings.put(PythonSupport.PYTHON_VERSION, foreign.version());
        settings.put(PythonSupport.PYTHON_CONFIG, foreign.forAll());
        return ChildConfig.of(foreign.identity(), settings);
    }

    /** Returns what contexts below are told as well, as it was sent. */
    private Map<String, Object> forAll() {
        Map<String, Object> forAll = new HashMap<>();
        for (Map.Entry<?, ?> entry : config.entrySet()) {
            if (entry.getKey() instanceof String key && !OF_ONE_CHILD.contains(key)) {
                forAll.put(key, entry.getValue());
            }
        }
        return forAll;
    }

    /** Returns the limit, or the longest message that a JVM can have when that is less. */
    private int maxMessageBytes() throws PreambleException {
        Object size = config.get("max_message_size");
        if (size instanceof BigInteger large && large.signum() > 0) {
            return Integer.MAX_VALUE;
        }
        return (int) Math.min(Integer.MAX_VALUE, number("max_message_size", size, 1, Long.MAX_VALUE));
    }

    private Identity identity() throws PreambleException {
        List<?> parents = list("parent_ids");
        int[] ids = new int[parents.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (int) number("parent_ids", parents.get(i), 0, MAX_ID);
        }
        if (ids.length == 0) {
            throw new PreambleException("the configuration names no parents");
        }
        return new Identity((int) number("context_id", config.get("context_id"), 1, MAX_ID), ids);
    }

    /** Returns the level of the root logger, as that is what a JVM's records and printed lines go through. */
    private int logLevel() throws PreambleException {
        Object level = config.containsKey("log_levels") ? first(list("log_levels")) : config.get("log_level");
        int chosen = (int) number("log_level", level, 0, Integer.MAX_VALUE);
        return flag("debug") ? Math.min(Log.DEBUG, chosen) : chosen;
    }

    private static Object first(List<?> levels) {
        return levels.isEmpty() ? null : levels.get(0);
    }

    /** Returns the version as Python writes a tuple. */
    private String version() throws PreambleException {
        if (!(config.get("version") instanceof Tuple)) {
            throw wrong("version", "a tuple");
        }
        List<String> words = new ArrayList<>();
        for (Object part : ((Tuple) config.get("version")).asList()) {
            words.add(part instanceof String ? "'" + part + "'" : String.valueOf(part));
        }
        return "(" + String.join(", ", words) + (words.size() == 1 ? ",)" : ")");
    }

    private boolean flag(String key) throws PreambleException {
        if (config.get(key) instanceof Boolean) {
            return (Boolean) config.get(key);
        }
        throw wrong(key, "a bool");
    }

    private List<?> list(String key) throws PreambleException {
        if (config.get(key) instanceof List) {
            return (List<?>) config.get(key);
        }
        throw wrong(key, "a list");
    }

    private long number(String key, Object value, long least, long most) throws PreambleException {
        if (value instanceof Long && (Long) value >= least && (Long) value <= most) {
            return (Long) value;
        }
        throw wrong(key, "a number from " + least + " to " + most);
    }

    private PreambleException wrong(String key, String wanted) {
        String found = config.containsKey(key) ? String.valueOf(config.get(key)) : "nothing";
        String shown = found.length() > 60 ? found.substring(0, 60) + "..." : found;
        return new PreambleException("the configuration has " + shown + " for " + key + ", not " + wanted);
    }
}
