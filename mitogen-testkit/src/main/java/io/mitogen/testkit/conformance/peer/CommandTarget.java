// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.io.IOException;
import java.util.List;

/** A command of the user, whose standard input and output are the link of a Python-style child. One thread at a time. */
public final class CommandTarget implements Target {
    private final String command;
    private final Dialect dialect;
    private final Session session;

    /** @param command for the shell */
    public CommandTarget(String command, Dialect dialect, Session session) {
        this.command = command;
        this.dialect = dialect;
        this.session = session;
    }

    @Override
    public Kind kind() {
        return Kind.OTHER;
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }

    @Override
    public Session session() {
        return session;
    }

    @Override
    public Booting launch(Wanted wanted) throws IOException {
        byte[] preamble = new Literal(Literal.VERSION).preamble("# in place of a core written in Python", wanted);
        return new Booting(
                this,
                wanted,
                new ChildProcess(List.of("/bin/sh", "-c", command)),
                new Booting.Offer(preamble, Modules.NONE));
    }
}
