// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.life;

import io.mitogen.master.RouterOptions;

/** Over streams with threads of their own, as on machines without {@code /proc}. */
final class PumpedConnectIT extends ConnectContract {
    @Override
    RouterOptions options() {
        return RouterOptions.DEFAULT.withPumped(true);
    }
}
