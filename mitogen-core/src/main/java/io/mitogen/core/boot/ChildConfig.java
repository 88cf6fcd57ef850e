// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.boot;

import io.mitogen.core.pickle.Globals;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.route.Identity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a parent tells a child before it starts: who it is and how to behave. Travels as a pickled dict whose keys are, where
 * there is such a thing, those of Python Mitogen's configuration. Immutable.
 */
public final class ChildConfig {
    private final Identity identity;
    private final Kwargs settings;

    private ChildConfig(Identity identity, Kwargs settings) {
        this.identity = identity;
        this.settings = settings;
    }

    /**
     * Returns a configuration.
     *
     * @param settings {@code name} str, {@code unidirectional} bool, {@code max_message_size} int, {@code log_level} int,
     *     {@code class_path} list of str; all required
     */
    public static ChildConfig of(Identity identity, Map<String, ?> settings) {
        return new ChildConfig(identity, Kwargs.copyOf(settings));
    }

    static ChildConfig fromBytes(byte[] bytes) {
        Map<?, ?> fields = (Map<?, ?>) PickleReader.fromBytes(bytes, Globals.NONE);
        List<?> parents = (List<?>) fields.get("parent_ids");
        int[] parentIds = new int[parents.size()];
        for (int i = 0; i < parentIds.length; i++) {
            parentIds[i] = ((Number) parents.get(i)).intValue();
        }
        Map<String, Object> settings = new HashMap<>();
        for (Map.Entry<?, ?> entry : fields.entrySet()) {
            settings.put((String) entry.getKey(), entry.getValue());
        }
        return of(new Identity(((Number) fields.get("context_id")).intValue(), parentIds), settings);
    }

    /** Returns the form that travels. */
    public byte[] toBytes() {
        Map<String, Object> fields = new HashMap<>(settings);
        List<Object> parents = new ArrayList<>();
        for (int parent : identity.parentIds()) {
            parents.add(PickleWriter.unsigned(parent));
        }
        fields.put("context_id", PickleWriter.unsigned(identity.id()));
        fields.put("parent_ids", parents);
        return PickleWriter.toBytes(fields);
    }

    public Identity identity() {
        return identity;
    }

    /** Returns the settings as they were given, for a child that starts children of its own. */
    public Kwargs settings() {
        return settings;
    }

    String name() {
        return (String) settings.get("name");
    }

    boolean isUnidirectional() {
        return (Boolean) settings.get("unidirectional");
    }

    int maxMessageBytes() {
        return ((Number) settings.get("max_message_size")).intValue();
    }

    int logLevel() {
        return ((Number) settings.get("log_level")).intValue();
    }

    /** Tells whether the context that started this one is a Python interpreter. */
    boolean isParentPython() {
        return Boolean.TRUE.equals(settings.get("python_parent"));
    }

    List<String> classPath() {
        List<String> paths = new ArrayList<>();
        for (Object path : (List<?>) settings.get("class_path")) {
            paths.add((String) path);
        }
        return paths;
    }
}
