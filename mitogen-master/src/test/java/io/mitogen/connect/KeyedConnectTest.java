// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.MitogenException.Blame;
import io.mitogen.core.call.ConnectionMethod;
import io.mitogen.core.call.Context;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.master.Connected;
import io.mitogen.master.KeyedConnected;
import io.mitogen.master.KeyedResults;
import io.mitogen.master.Mitogen;
import io.mitogen.parent.ConnectException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whose result is whose, and why there is no context: without a cast. */
final class KeyedConnectTest {
    private static final long SOON_S = 25;

    /** Nothing that can be started. */
    private record Wish(String text) implements ConnectionMethod {
        @Override
        public Kwargs options() {
            return Kwargs.of();
        }
    }

    @Test
    void shouldGiveEachResultWithTheKeyOfItsMethod() throws Exception {
        Mitogen.run(router -> {
            Map<Integer, ConnectionMethod> methods = new LinkedHashMap<>();
            for (int i = 0; i < 5; i++) {
                methods.put(i, InProcess.create().name("guest-" + i));
            }
            methods.put(5, InProcess.create().connectTimeout(Duration.ofNanos(1)));
            methods.put(6, new Wish("a pony"));
            Map<Integer, String> seen = new HashMap<>();
            try (KeyedResults<Integer> results = router.connectAll(methods)) {
                for (KeyedConnected<Integer> each : results) {
                    assertEquals(methods.get(each.key()), each.method());
                    seen.put(
                            each.key(),
                            each.isUp()
                                    ? each.context().name()
                                    : each.failure().reason().name());
                }
            }
            assertEquals(
                    "{0=guest-0, 1=guest-1, 2=guest-2, 3=guest-3, 4=guest-4, 5=TIMEOUT, 6=START_REFUSED}",
                    seen.toString());
        });
    }

    @Test
    void shouldGiveAReasonForWhateverFails() throws Exception {
        Mitogen.run(router -> {
            Connected refused = router.connectAll(List.of(new Wish("a pony"))).next();
            ConnectException e = assertThrows(ConnectException.class, refused::context);
            assertEquals(ConnectException.Reason.START_REFUSED, e.reason());
            assertEquals(Blame.CALLER, e.blame());
            assertInstanceOf(IllegalArgumentException.class, e.getCause());
            String start = "cannot connect Wish[text=a pony] from the master: it could not begin: ";
            assertTrue(e.getMessage().startsWith(start), e.getMessage());
        });
    }

    @Test
    void shouldSayHowAndWhenTheContextEndedThatShouldConnectAnother() throws Exception {
        Mitogen.run(router -> {
            Context bastion = router.connect(InProcess.create().name("bastion"));
            Context below = router.connect(InProcess.create().name("below").via(bastion));
            bastion.shutdown();
            String reason = bastion.gone().get(SOON_S, TimeUnit.SECONDS);
            assertTrue(below.gone().get(SOON_S, TimeUnit.SECONDS).endsWith(reason));
            for (Context via : List.of(bastion, below, router.context(bastion.id()))) {
                ConnectException e = assertThrows(
                        ConnectException.class,
                        () -> router.connect(InProcess.create().via(via)));
                assertEquals(ConnectException.Reason.VIA_GONE, e.reason());
                assertTrue(e.getMessage().contains(" from " + via.name() + ": that context is gone: "), e.getMessage());
                assertTrue(e.getMessage().contains(reason + " at 2"), e.getMessage());
            }
        });
    }
}
