// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.testing;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test whose library logged a warning that the test did not expect. One for each test instance. */
public final class QuietLogExtension implements AfterEachCallback {
    private final RecordingSink sink = new RecordingSink();

    public RecordingSink sink() {
        return sink;
    }

    /** Demands a record of WARNING or above that contains {@code text}. */
    public void expect(String text) {
        sink.expect(text);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isEmpty()) {
            sink.check();
        }
    }
}
