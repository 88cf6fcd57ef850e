// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.pickle.Secret;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.master.RouterOptions;
import io.mitogen.parent.ConnectException;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.ssh.Ssh;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** A master that connects by ssh, and what to say of an attempt that fails. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SshContract {
    static final Duration SOON = Duration.ofSeconds(30);
    static final Secret WRONG = Secret.of("not-the-password");

    private static final RouterOptions FEW_AT_A_TIME =
            RouterOptions.DEFAULT.withAttemptsAtATime(6); // for small machines

    private Broker broker;
    private MasterRouter router;

    @BeforeAll
    void startMaster() {
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker, FEW_AT_A_TIME);
    }

    @AfterAll
    void closeMaster() {
        router.close();
        broker.close();
        checkTargets();
    }

    /** Called when the master has ended. */
    void checkTargets() {}

    final MasterRouter router() {
        return router;
    }

    /** Checks that a context comes up in this account, and ends it. */
    final void assertConnects(String account, Ssh ssh) {
        Context context = router.connect(ssh);
        assertEquals(account, context.call(There::account));
        context.shutdown();
    }

    /** Checks that the attempt fails for this reason; each of {@code told} is in the message. */
    final ConnectException assertFails(Reason reason, Ssh ssh, String... told) {
        ConnectException failure = assertThrows(ConnectException.class, () -> router.connect(ssh));
        assertEquals(reason, failure.reason(), failure.getMessage());
        assertTrue(failure.getMessage().contains(ssh.toString()), failure.getMessage());
        for (String text : told) {
            assertTrue(failure.getMessage().contains(text), "no " + text + " in: " + failure.getMessage());
        }
        return failure;
    }
}
