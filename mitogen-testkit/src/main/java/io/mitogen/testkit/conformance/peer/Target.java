// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.io.IOException;

/** An implementation that the kit starts as its child, again and again. One thread at a time. */
public interface Target {
    Kind kind();

    Dialect dialect();

    /** Tells whether its contexts read pickles of protocols above 2; an interpreter of Python 2 does not. */
    default boolean readsNewPickles() {
        return true;
    }

    /** Returns what the contexts of one run share. */
    Session session();

    /** Starts a process, which is not spoken with yet. */
    Booting launch(Wanted wanted) throws IOException;

    /** Starts one and makes it a context. */
    default Peer start(Wanted wanted) throws IOException, Deviation {
        Booting booting = launch(wanted);
        try {
            return booting.finish();
        } catch (Deviation | RuntimeException e) {
            booting.close();
            throw e;
        }
    }
}
