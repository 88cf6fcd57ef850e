// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.foreign;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.DeflaterOutputStream;

/** Makes preambles as a Python parent does. */
final class Preambles {
    /** What Mitogen 0.3.3 sends. */
    static final String OLD_CONFIG = "{'parent_ids': [2, 0], 'context_id': 7, 'debug': False, 'profiling': False,"
            + " 'unidirectional': True, 'log_level': 20, 'whitelist': [''], 'blacklist': [],"
            + " 'max_message_size': 134217728, 'version': (0, 3, 3)}";

    /** What Mitogen 0.3.52 sends. */
    static final String NEW_CONFIG = "{'parent_ids': [0], 'context_id': 1, 'debug': False, 'import_blocks': [],"
            + " 'import_overrides': [], 'log_levels': [30, 10, 20], 'profiling': False, 'unidirectional': False,"
            + " 'max_message_size': 1048576, 'version': (0, 3, 52, 'dev')}";

    static final String CORE = "# coding: utf-8\nimport os\nNAME = '\u20ac'\n";

    private Preambles() {}

    static byte[] of(String config) {
        return deflate(CORE + "\nExternalContext(" + config + ").main()\n");
    }

    static byte[] deflate(String text) {
        return deflate(text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] deflate(byte[] bytes) {
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(deflated)) {
            out.write(bytes);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
        return deflated.toByteArray();
    }

    static PushbackInputStream stream(InputStream in) {
        return new PushbackInputStream(in, Preamble.BUFFER_BYTES);
    }
}
