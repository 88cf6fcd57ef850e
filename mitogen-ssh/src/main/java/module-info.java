// SPDX-License-Identifier: BSD-3-Clause
/** Contexts on other machines over ssh. Uses nothing of Mitogen but exported packages. */
module io.mitogen.ssh {
    requires transitive io.mitogen.master;

    exports io.mitogen.ssh;
}
