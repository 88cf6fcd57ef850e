// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.core.LogSink;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StdioCaptureTest {
    @Test
    void shouldReadOnWhenThereWasNoMemoryForALine() {
        List<String> logged = new ArrayList<>();
        LogSink sink = new LogSink() {
            private boolean hasFailed;

            @Override
            public boolean isEnabled(int level) {
                return true;
            }

            @Override
            public void log(String logger, int level, String text) {
                if (!hasFailed) {
                    hasFailed = true;
                    throw new OutOfMemoryError("told to fail");
                }
                logged.add(text);
            }
        };

        StdioCapture.copy(new SequenceInputStream(bytes("one\n"), bytes("two\n")), new IoLogger("stdout", sink));

        assertEquals(List.of("two"), logged);
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }
}
