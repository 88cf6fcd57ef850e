// SPDX-License-Identifier: BSD-3-Clause
/**
 * Masters and parents: starting contexts, shipping classes, receiving logs.
 *
 * <p>A program works with {@code master}, its entry point, and {@code connect}, the ways to reach contexts; {@code unix} joins
 * trees of other programs; {@code parent} is the interface for further ways. {@code python} says where a master
 * finds what it sends to Python contexts. {@code relay}, {@code logging} and {@code foreign} are Mitogen's own.
 */
module io.mitogen.master {
    requires transitive io.mitogen.core;
    requires java.logging;

    exports io.mitogen.connect;
    exports io.mitogen.master;
    exports io.mitogen.parent;
    exports io.mitogen.python;
    exports io.mitogen.unix;
}
