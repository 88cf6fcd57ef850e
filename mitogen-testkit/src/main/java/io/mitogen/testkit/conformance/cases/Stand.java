// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import io.mitogen.testkit.conformance.peer.Session;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** What the cases of one role work on. One thread. */
public interface Stand extends Closeable {
    /** Returns what everything that cases start has in common. */
    Session session();

    /** Returns why no further case can find out anything; empty while cases can. */
    default Optional<String> hopeless() {
        return Optional.empty();
    }

    /** Ends what the last case began; tells whether what all cases share still works. */
    boolean afterCase() throws IOException;

    /** Gives up what cases share, after one of them has failed; who can make it anew does so for the next. */
    void discard() throws IOException;
}
