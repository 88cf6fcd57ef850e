// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.hostile;

import io.mitogen.core.call.Context;
import io.mitogen.master.MasterRouter;

/** A child below the master itself that claims the ids of others. */
final class HostileRoutesIT extends HostileRoutesContract {
    @Override
    Context startRelay(MasterRouter router) {
        return null;
    }
}
