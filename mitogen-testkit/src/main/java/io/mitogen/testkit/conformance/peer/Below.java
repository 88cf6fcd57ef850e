// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.io.Closeable;
import java.io.IOException;

/** The kit in the place of a child of the implementation under test. Thread of the case. */
public final class Below implements Closeable {
    private final Told told;
    private final Link link;
    private final Closeable transport;

    /** @param transport what the link is made of; closed with this */
    Below(Told told, Link link, Closeable transport) {
        this.told = told;
        this.link = link;
        this.transport = transport;
    }

    /** Returns what the parent said at the start. */
    public Told told() {
        return told;
    }

    public int id() {
        return told.id();
    }

    /** Returns the link to the parent. */
    public Link link() {
        return link;
    }

    /** Ends as a child that dies. */
    @Override
    public void close() throws IOException {
        transport.close();
    }
}
