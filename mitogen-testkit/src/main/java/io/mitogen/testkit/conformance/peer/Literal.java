// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import io.mitogen.testkit.conformance.wire.Repr;
import io.mitogen.testkit.conformance.wire.Tuple;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The text that a Python-style child boots from: the source of the core, then one line with the configuration. Immutable. */
record Literal(Tuple version) {
    /** The version that {@code vectors} were recorded with. */
    static final Tuple VERSION = Tuple.of(0, 3, 3);

    /** Returns the preamble: all of it, deflated. */
    byte[] preamble(String core, Wanted wanted) {
        String text = core + "\nExternalContext(" + Repr.of(configuration(wanted)) + ").main()\n";
        return Modules.deflated(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** Returns the keys of all versions: each reads its own. */
    private Map<String, Object> configuration(Wanted wanted) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("parent_ids", wanted.parentIds());
        fields.put("context_id", wanted.id());
        fields.put("debug", false);
        fields.put("profiling", false);
        fields.put("unidirectional", wanted.unidirectional());
        fields.put("log_level", wanted.logLevel());
        fields.put("log_levels", List.of(wanted.logLevel(), wanted.logLevel(), wanted.logLevel()));
        fields.put("whitelist", List.of(""));
        fields.put("blacklist", List.of());
        fields.put("import_overrides", List.of());
        fields.put("import_blocks", List.of());
        fields.put("max_message_size", wanted.maxMessageBytes());
        fields.put("version", version);
        return fields;
    }
}
