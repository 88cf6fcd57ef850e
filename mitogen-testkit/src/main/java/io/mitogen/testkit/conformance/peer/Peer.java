// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.io.Closeable;

/** A context under test that the kit started. Thread of the case. */
public final class Peer implements Closeable {
    private final Target target;
    private final Wanted wanted;
    private final Link link;
    private final MasterDuties duties;
    private final Booting process;

    Peer(Target target, Wanted wanted, Link link, MasterDuties duties, Booting process) {
        this.target = target;
        this.wanted = wanted;
        this.link = link;
        this.duties = duties;
        this.process = process;
    }

    public Target target() {
        return target;
    }

    public Wanted wanted() {
        return wanted;
    }

    /** Returns the link on which the kit is its parent. */
    public Link link() {
        return link;
    }

    /** Returns what the kit does on that link by itself. */
    public MasterDuties duties() {
        return duties;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Tells whether the process that was started is a shell between the kit and the context, which keeps the link open. */
    public boolean isBehindShell() {
        return process.isShell();
    }

    /** Waits for the end, as long as a context may take for it and the user has patience; returns the exit status. */
    public int awaitExit() throws Deviation {
        return process.awaitExit();
    }

    /** Returns the lines that it said before its link had frames. */
    public java.util.List<String> bootLines() {
        return process.lines();
    }

    /** Ends the process without asking; for one that has left the tree. */
    public void kill() throws Deviation {
        process.kill();
    }

    /** Ends it, whatever it is doing. */
    @Override
    public void close() {
        process.close();
    }
}
