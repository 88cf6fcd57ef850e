// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import io.mitogen.master.ChildStart;
import io.mitogen.testkit.conformance.wire.PickleOut;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JVM child of this library, started as {@code docs/protocol.md} tells. One thread at a time. */
public final class JvmTarget implements Target {
    /** Lies beside the library and is no part of it. */
    private static final String OF_THE_KIT = "io/mitogen/testkit/";

    private final ChildStart start;
    private final Session session;

    /** @param java path or name of the program; null to have the child's own command look for one */
    public JvmTarget(String java, Session session) {
        this.start = new ChildStart(java, "mitogen:conformance");
        this.session = session;
    }

    @Override
    public Kind kind() {
        return Kind.JVM;
    }

    @Override
    public Dialect dialect() {
        return new JavaDialect();
    }

    @Override
    public Session session() {
        return session;
    }

    @Override
    public Booting launch(Wanted wanted) throws IOException {
        byte[] configuration = PickleOut.toBytes(configuration(wanted));
        byte[] core = start.core();
        byte[] payload = ByteBuffer.allocate(8 + configuration.length + core.length)
                .putInt(configuration.length)
                .put(configuration)
                .putInt(core.length)
                .put(core)
                .array();
        return new Booting(this, wanted, new ChildProcess(start.argv()), new Booting.Offer(payload, this::module));
    }

    private static Map<String, Object> configuration(Wanted wanted) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("context_id", wanted.id());
        fields.put("parent_ids", wanted.parentIds());
        fields.put("name", "conformance");
        fields.put("unidirectional", wanted.unidirectional());
        fields.put("max_message_size", wanted.maxMessageBytes());
        fields.put("log_level", wanted.logLevel());
        fields.put("class_path", List.of());
        fields.put("pumped", false);
        fields.put("attempts_at_a_time", 4);
        return fields;
    }

    private byte[] module(String name) {
        try {
            byte[] content = name.startsWith(OF_THE_KIT) ? null : start.file(name);
            if (content == null) {
                return Modules.missing(name);
            }
            return Modules.found(name, null, name.endsWith(".class") ? content : copies(content), List.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns what is no class in the form for it: how many there are, then each with its length. */
    private static byte[] copies(byte[] content) {
        return ByteBuffer.allocate(8 + content.length)
                .putInt(1)
                .putInt(content.length)
                .put(content)
                .array();
    }
}
