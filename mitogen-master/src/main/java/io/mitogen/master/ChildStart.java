// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Nullable;
import io.mitogen.parent.BootCommand;
import io.mitogen.parent.Bundle;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * What starts a JVM child, for programs that speak with one themselves: the words of its command and the core that is sent to it. {@code
 * docs/protocol.md} tells how both are used. Immutable; any thread.
 */
public final class ChildStart {
    private final List<String> argv;

    /**
     * Chooses a child of this machine.
     *
     * @param java path or name of the program; null to let the command look for one
     * @param processName what the process list shows, without slashes
     */
    public ChildStart(@Nullable String java, String processName) {
        this.argv = List.copyOf(BootCommand.ofJvm(java, processName, List.of()).argv());
    }

    /** Returns the words of the command; its standard input and output are the link. */
    public List<String> argv() {
        return argv;
    }

    /** Returns the core as it is sent, without its length; the caller may change the array. */
    public byte[] core() {
        return ShippedLibrary.corePayload().clone();
    }

    /** Returns the file of this library that a child asks for at {@code path}; null if there is none. */
    public @Nullable byte[] file(String path) throws IOException {
        if (path.equals(ShippedLibrary.REST_PATH)) {
            return ShippedLibrary.coreRest().clone();
        }
        if (path.equals(Bundle.LIST)) {
            return ShippedLibrary.parentClasses().clone();
        }
        if (!path.startsWith("io/mitogen/")) {
            return null;
        }
        try (InputStream in = ChildStart.class.getClassLoader().getResourceAsStream(path)) {
            return in == null ? null : in.readAllBytes();
        }
    }
}
