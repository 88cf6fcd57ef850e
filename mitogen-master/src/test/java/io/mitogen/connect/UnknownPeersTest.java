// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.call.Context;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.master.Mitogen;
import io.mitogen.parent.ConnectException;
import io.mitogen.parent.ContextOptions;
import io.mitogen.parent.Launch;
import io.mitogen.parent.LaunchMethod;
import io.mitogen.parent.LaunchSite;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Attempts whose method cannot name its peers, which only those are asked that begin beside others. */
class UnknownPeersTest {
    private static final long LIMIT_S = 25;

    private record Clueless(ContextOptions common) implements LaunchMethod {
        @Override
        public Kwargs options() {
            return Kwargs.copyOf(Map.of("common", common.toKwargs()));
        }

        @Override
        public String java() {
            return null;
        }

        @Override
        public Launch launch(LaunchSite site) {
            return new Launch(List.of("/bin/sh", "-c", "sleep 600")); // ended by the close of the router
        }

        @Override
        public Set<String> peers() {
            throw new IllegalStateException("no idea");
        }

        @Override
        public String defaultName(long pid) {
            return "clueless";
        }
    }

    @Test
    void shouldFailTheAttemptInsteadOfForgettingIt() throws Exception {
        Mitogen.run(router -> {
            router.connectAsync(new Clueless(ContextOptions.DEFAULT));
            CompletableFuture<Context> second = router.connectAsync(new Clueless(ContextOptions.DEFAULT));

            ExecutionException failure =
                    assertThrows(ExecutionException.class, () -> second.get(LIMIT_S, TimeUnit.SECONDS));

            ConnectException e = (ConnectException) failure.getCause();
            assertEquals(ConnectException.Reason.START_REFUSED, e.reason());
            assertTrue(e.getMessage().contains("no idea"), e::getMessage);
        });
    }
}
