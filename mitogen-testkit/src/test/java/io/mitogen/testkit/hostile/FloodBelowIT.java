// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.wire.Handles;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A child that fills the memory of a small JVM relay: the relay and the sibling of the child are unharmed. */
@Timeout(120)
final class FloodBelowIT {
    private static final int MIB = 1 << 20;

    private Broker broker;
    private MasterRouter router;
    private Context relay;
    private Context sibling;
    private HostileChild hostile;
    private Context target;

    @BeforeEach
    void start() throws Exception {
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker);
        relay = router.connect(Local.create().name("relay").jvmOptions("-Xmx64m"));
        sibling = router.connect(Local.create().name("sibling").via(relay));
        hostile = new HostileChild(router, HostileChild.Dialect.JVM, relay);
        target = hostile.boot();
    }

    @AfterEach
    void stop() throws Exception {
        hostile.close();
        router.close();
        broker.close();
    }

    private void assertUnharmed() {
        assertEquals("well", sibling.call(HostileContract.Honest::say, "well"));
        assertFalse(relay.gone().isDone());
    }

    @Test
    void shouldEndTheLinkOfAChildWhoseRequestsQueueUp() throws Exception {
        byte[] name = "no/Such.class".getBytes(UTF_8);
        byte[] frame = HostileChild.frame(relay.id(), hostile.id(), hostile.id(), Handles.GET_MODULE, 0, name);
        FloodIT.flood(hostile, 2_000_000, frame);
        target.gone().get(60, TimeUnit.SECONDS);
        assertUnharmed();
    }

    @Test
    void shouldForgetNegativeAnswersBeyondAShareOfTheHeap() throws Exception {
        for (int i = 0; i < 3_000; i++) {
            byte[] name = ("no/" + "x".repeat(20_000) + i).getBytes(UTF_8);
            hostile.send(relay.id(), Handles.GET_MODULE, 0, name);
            assertEquals(Handles.LOAD_MODULE, hostile.read().handle());
        }
        assertUnharmed();
        assertFalse(target.gone().isDone());
    }

    @Test
    void shouldSkipALargeFrameThatNobodyTakes() throws Exception {
        int[][] addresses = {
            {relay.id(), 77}, {relay.id(), Handles.CALL_FUNCTION}, {relay.id(), Handles.DETACHING}, {relay.id(), 104}
        };
        for (int[] address : addresses) {
            hostile.sendSkipped(address[0], address[1]);
        }
        assertUnharmed();
    }

    @Test
    void shouldEndTheLinkWhoseFrameTakesMoreThanHalfOfTheHeap() throws Exception {
        byte[] header = HostileChild.frame(0, hostile.id(), hostile.id(), 5000, 0, new byte[0]); // through the relay
        ByteBuffer.wrap(header).putInt(22, 120 * MIB);
        FloodIT.flood(hostile, 1, header);
        FloodIT.flood(hostile, 120, new byte[MIB]);
        target.gone().get(60, TimeUnit.SECONDS);
        assertUnharmed();
    }
}
