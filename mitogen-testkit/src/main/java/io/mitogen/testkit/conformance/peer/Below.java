// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/** The kit in the place of a child of the implementation under test. Thread of the case. */
public final class Below implements Closeable {
    private final Told told;
    private final Link link;
    private final Closeable transport;
    private final ProcessHandle process;

    /**
     * @param transport what the link is made of; closed with this
     * @param process what the implementation started; null where it is no process
     */
    Below(Told told, Link link, Closeable transport, ProcessHandle process) {
        this.process = process;
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

    /** Tells whether the implementation started a process for it. */
    public boolean isProcess() {
        return process != null;
    }

    /** Waits until that process has ended, for so long; returns whether it has. */
    public boolean awaitExit(Duration limit) {
        return new ProcessTree(process).awaitEnd(limit.toMillis());
    }

    /** Ends as a child that dies. */
    @Override
    public void close() throws IOException {
        transport.close();
    }
}
