// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.mitogen.core.testing.LinkedRouters;
import io.mitogen.core.testing.RecordingSink;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class CallbackThreadsTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static long allocatedBytes() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    @Test
    void shouldTakeNoMemoryAtTheEndOfARouterThatHadNoCallbacks() {
        try (LinkedRouters tree = new LinkedRouters(new RecordingSink())) {
            Contexts contexts = tree.master().contexts();
            allocatedBytes();
            long before = allocatedBytes();
            contexts.drain();
            assertEquals(0, allocatedBytes() - before);
        }
    }
}
