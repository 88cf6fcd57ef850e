// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.io.IOException;
import java.time.Duration;

/** An implementation that the kit starts as its child, again and again. One thread at a time. */
public interface Target {
    Kind kind();

    Dialect dialect();

    /** Returns how long to wait for anything. */
    Duration patience();

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
