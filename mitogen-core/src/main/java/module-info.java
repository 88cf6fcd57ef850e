// SPDX-License-Identifier: BSD-3-Clause
/** The part of Mitogen that every child carries. Requires nothing but {@code java.base}. */
module io.mitogen.core {
    exports io.mitogen.core;
    exports io.mitogen.core.load to
            io.mitogen.master;
}
