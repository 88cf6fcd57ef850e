// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.life;

import io.mitogen.master.RouterOptions;

/** Over the streams that the system offers. */
final class ConnectIT extends ConnectContract {
    @Override
    RouterOptions options() {
        return RouterOptions.DEFAULT;
    }
}
