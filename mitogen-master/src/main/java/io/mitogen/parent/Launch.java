// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import java.util.List;

/** A command to start. Immutable. */
public record Launch(List<String> argv) {
    public Launch {
        argv = List.copyOf(argv);
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("a command without words");
        }
    }
}
