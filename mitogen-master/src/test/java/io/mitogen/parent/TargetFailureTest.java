// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.parent.ConnectException.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TargetFailureTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "Could not reserve enough space for 251904KB object heap|OUT_OF_MEMORY",
                "Could not reserve enough space for code cache (245760K)|OUT_OF_MEMORY",
                "Could not allocate compressed class space: 1073741824 bytes|OUT_OF_MEMORY",
                "# Native memory allocation (mmap) failed to map 322122547200 bytes.|OUT_OF_MEMORY",
                "os::commit_memory(0x0, 322, 0) failed; error='Not enough space' (errno=12)|OUT_OF_MEMORY",
                "java: libjvm.so: failed to map segment from shared object|OUT_OF_MEMORY",
                "bash: fork: Cannot allocate memory|OUT_OF_MEMORY",
                "bash: fork: retry: Resource temporarily unavailable|OUT_OF_PROCESSES",
                "sh: 1: Cannot fork|OUT_OF_PROCESSES",
                "java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory|OUT_OF_PROCESSES",
                "Cannot create VM thread. Out of system resources.|OUT_OF_PROCESSES",
                "libjava.so: cannot open shared object file: Too many open files|OUT_OF_DESCRIPTORS",
                "sh: 1: cannot create /dev/shm/x: No space left on device|NO_WRITABLE_FOLDER",
                "sh: 94: exec: /dev/shm/mitogen.1.0/x: Exec format error|NO_JAVA",
                "java: error while loading shared libraries: libjli.so: cannot open shared object file|NO_JAVA",
                "Unrecognized VM option 'NoSuch'|EXITED",
                "Initial heap size set to a larger value than the maximum heap size|EXITED",
                "Unrecognized option: --add-opens|JAVA_TOO_OLD",
                "Welcome to this host|",
                "OpenJDK 64-Bit Server VM warning: Sharing is only supported for boot loader classes|",
            })
    void shouldKnowTheReasonFromTheWords(String line, Reason reason) {
        Reply.Failure failure = TargetFailure.in(List.of("something", line, "something else"));

        assertEquals(reason, failure == null ? null : failure.reason());
        assertTrue(failure == null
                || reason == Reason.JAVA_TOO_OLD
                || failure.text().contains(line));
    }

    @Test
    void shouldPreferTheMoreCertainReason() {
        String thread = "[warning][os,thread] Failed to start thread \"VM Thread\" - pthread_create failed (EAGAIN)";
        String refused = "Error: Could not create the Java Virtual Machine.";
        String memory = "# There is insufficient memory for the Java Runtime Environment to continue.";
        assertEquals(
                Reason.OUT_OF_PROCESSES,
                TargetFailure.in(List.of(memory, thread, refused)).reason());
        assertEquals(
                Reason.OUT_OF_MEMORY,
                TargetFailure.in(List.of(thread, "# Native memory allocation (malloc) failed to allocate", refused))
                        .reason());
    }

    @Test
    void shouldSayWhatEachSignalMayMean() {
        assertTrue(TargetFailure.remark(137).contains("journalctl -k"));
        assertTrue(TargetFailure.remark(139).contains("ulimit -v"));
        assertTrue(TargetFailure.remark(255).contains("a signal killed"));
        assertEquals("", TargetFailure.remark(1));
        assertEquals("", TargetFailure.remark(143));
    }
}
