// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.hostile;

import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.master.MasterRouter;

/** A child below a JVM relay that claims the ids of others. */
final class HostileRoutesBelowRelayIT extends HostileRoutesContract {
    @Override
    Context startRelay(MasterRouter router) {
        return router.connect(Local.create().name("relay"));
    }
}
