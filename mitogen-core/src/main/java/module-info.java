// SPDX-License-Identifier: BSD-3-Clause
/**
 * The part of Mitogen that every child carries. Requires nothing but {@code java.base}.
 *
 * <p>Users work with contexts and calls ({@code call}), the values that travel ({@code pickle}), and the broker that does the
 * work ({@code loop}). The rest is for Mitogen's own modules.
 */
module io.mitogen.core {
    exports io.mitogen.core;
    exports io.mitogen.core.call;
    exports io.mitogen.core.concurrent;
    exports io.mitogen.core.loop;
    exports io.mitogen.core.pickle;
    exports io.mitogen.core.wire;
    exports io.mitogen.core.boot to
            io.mitogen.master;
    exports io.mitogen.core.buffer to
            io.mitogen.master;
    exports io.mitogen.core.load to
            io.mitogen.master;
    exports io.mitogen.core.log to
            io.mitogen.master;
    exports io.mitogen.core.route to
            io.mitogen.master,
            io.mitogen.ssh;

    provides java.net.spi.URLStreamHandlerProvider with
            io.mitogen.core.load.ResourceUrls;
}
