// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.core.wire.Handles;
import io.mitogen.master.MasterRouter;
import io.mitogen.parent.ConnectException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A child below a Python relay that claims the ids of others, with the promises of docs/security.md and their limits. */
final class HostileRoutesBelowPythonIT extends HostileRoutesContract {
    @Override
    Context startRelay(MasterRouter router) {
        return router.connect(Local.create().python().name("relay"));
    }

    /** Without the ids of ancestors, and those of the relay that it has not given out: Python's rules hold for them. */
    @Override
    List<Integer> idsOfOthers(int block) {
        return List.of(cousin().id(), victim().id(), block + 1000, block + 500_000, Integer.MAX_VALUE, -1);
    }

    // == Limits of the promises below a Python relay ==

    @Test
    void shouldNotPromiseThatAnIdIsKeptForTheRelayThatHasNotGivenItOut() throws Exception {
        int next = hostile().id() + 1;
        tell(Handles.ADD_ROUTE, next + ":mine");
        awaitHandled();
        assertTrue(isRouted(next), "the master believes the relay, whose id it is");

        tell(Handles.DEL_ROUTE, "" + next);
        awaitHandled();
        assertFalse(isRouted(next));
        ConnectException refused = assertThrows(ConnectException.class, () -> router().connect(
                        Local.create().python().via(relay())));
        assertEquals(ConnectException.Reason.VIA_GONE, refused.reason(), "an id that went is not valid again");
        assertHonestAreUnharmed();
    }
}
