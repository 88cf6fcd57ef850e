// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.core.route.Registration;
import io.mitogen.core.testing.Eventually;
import io.mitogen.core.testing.LinkedRouters;
import io.mitogen.core.testing.RecordingSink;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ChildIdAllocatorTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** User code in a context may interrupt all threads of its group, those that start other contexts among them. */
    @Test
    void shouldWaitForTheMastersAnswerAlthoughItsThreadIsInterrupted() throws Exception {
        try (LinkedRouters tree = new LinkedRouters(new RecordingSink())) {
            CompletableFuture<Message> asked = new CompletableFuture<>();
            tree.master()
                    .router()
                    .addHandler(Registration.of((message, from) -> asked.complete(message))
                            .on(Handles.ALLOCATE_ID));
            ChildIdAllocator ids = new ChildIdAllocator(tree.child(1).child());
            FutureTask<Integer> allocated = new FutureTask<>(ids::allocate);
            Thread launch = new Thread(() -> {
                Thread.currentThread().interrupt();
                allocated.run();
            });
            launch.start();
            Message question = asked.get(LONG.toSeconds(), TimeUnit.SECONDS);
            Eventually.until(LONG, "it hears the interrupt", () -> allocated.isDone() || !launch.isInterrupted());

            tree.master().router().reply(question, PickleWriter.toBytes("ids", Tuple.of(1000, 2000)));

            assertEquals(1000, allocated.get(LONG.toSeconds(), TimeUnit.SECONDS));
            launch.join(LONG.toMillis());
        }
    }
}
