// SPDX-License-Identifier: BSD-3-Clause
/** What a parent and a master have beyond the core: starting contexts, shipping classes, receiving logs. */
module io.mitogen.master {
    requires transitive io.mitogen.core;
}
