// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.life;

import io.mitogen.master.RouterOptions;

/** Over streams with threads of their own, as on machines without {@code /proc}. */
final class PumpedDeathIT extends DeathContract {
    @Override
    RouterOptions options() {
        return RouterOptions.DEFAULT.withPumped(true);
    }
}
