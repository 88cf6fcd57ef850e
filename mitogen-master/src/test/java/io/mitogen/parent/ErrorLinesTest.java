// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.call.ChildContext;
import io.mitogen.core.call.Contexts;
import io.mitogen.core.loop.BrokerDriver;
import io.mitogen.core.loop.MemoryPeer;
import io.mitogen.core.loop.Stream;
import io.mitogen.core.route.Identity;
import io.mitogen.core.route.Router;
import io.mitogen.core.testing.RecordingSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What children of a relay write to their standard error: relay 7 below the master, with the child 10. */
final class ErrorLinesTest {
    private static final long TEN_SECONDS_NS = 10_000_000_000L;

    private final RecordingSink sink = new RecordingSink();
    private final BrokerDriver driver = new BrokerDriver(sink);
    private final MemoryPeer parent = new MemoryPeer();
    private ChildSettings settings;

    @BeforeEach
    void start() {
        Router router = new Router(driver.broker(), new Identity(7, 0), new Router.Settings(1_000_000, false), sink);
        Contexts contexts = new Contexts(router);
        MemoryPeer ten = new MemoryPeer();
        driver.broker().runInTurn(() -> {
            try {
                router.connectParent(parent.receiveSide(), parent.transmitSide());
                Stream stream = new Stream(driver.broker(), "ten", ten.receiveSide(), ten.transmitSide());
                stream.open();
                router.connectChild(stream, 10);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            settings = new ChildSettings(new ChildContext(contexts, contexts.get(7, null), null, null));
        });
        settings.maxWaitingBytes = 100_000;
    }

    private void write(int contextId, int lines) {
        driver.broker().runInTurn(() -> {
            for (int i = 0; i < lines; i++) {
                settings.onErrorLine(contextId, "ten", "x".repeat(1_000));
            }
        });
    }

    @Test
    void shouldDropLinesAndSayHowManyWhenTheParentReadsTooSlowly() {
        parent.stopReading();
        write(10, 1_000);
        write(11, 1_000); // has gone
        byte[] sent = parent.takeBytes();
        assertTrue(sent.length > 100_000 && sent.length < 110_000, () -> sent.length + " bytes wait");
        assertEquals(List.of(), sink.records());

        driver.clock().advanceNs(TEN_SECONDS_NS);
        driver.settle();
        assertEquals(1, sink.records().size());
        assertTrue(sink.records().get(0).matches("30 .* 19.. lines that children wrote .*"), sink.records()::toString);

        write(10, 1);
        assertEquals(1, parent.take().size());
        driver.clock().advanceNs(TEN_SECONDS_NS);
        driver.settle();
        assertEquals(1, sink.records().size(), "nothing is said of what did not happen");
    }
}
