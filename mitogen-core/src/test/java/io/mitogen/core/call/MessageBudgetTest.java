// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.core.testing.LinkedRouters;
import io.mitogen.core.testing.QuietLogExtension;
import io.mitogen.core.wire.MessageTap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How many messages a call costs: one there and one back, however far, and nothing else ever. */
final class MessageBudgetTest {
    private static final int CALLS = 50;

    @RegisterExtension
    final QuietLogExtension log = new QuietLogExtension();

    @Test
    void shouldSendOneMessageForEachCallAndOneForEachAnswerOverEachLink() {
        try (LinkedRouters tree = new LinkedRouters(log.sink())) {
            LinkedRouters.Node near = tree.child(1);
            LinkedRouters.Node far = tree.child(near, 2);
            Count ofMaster = Count.at(tree.master());
            Count ofRelay = Count.at(near);
            Context context = tree.master().context(far);

            for (int i = 0; i < CALLS; i++) {
                int sum = context.call(Sample::add, i, 1);
                assertEquals(i + 1, sum);
            }

            assertEquals(CALLS, ofMaster.sent.get(), "messages that the master sent");
            assertEquals(CALLS, ofMaster.received.get(), "messages that it received");
            assertEquals(2 * CALLS, ofRelay.sent.get(), "messages that the relay sent, up and down");
            assertEquals(2 * CALLS, ofRelay.received.get(), "messages that it received, from above and below");
        }
    }

    private static final class Count implements MessageTap {
        final AtomicInteger sent = new AtomicInteger();
        final AtomicInteger received = new AtomicInteger();

        static Count at(LinkedRouters.Node node) {
            Count count = new Count();
            node.router().tap(count);
            return count;
        }

        @Override
        public void onReceived(String stream, Object frame) {
            received.incrementAndGet();
        }

        @Override
        public void onSent(String stream, Object frame) {
            sent.incrementAndGet();
        }
    }
}
