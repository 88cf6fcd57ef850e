// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.util.List;

/**
 * How a child is to be: what its parent tells it at the start. Immutable.
 *
 * @param parentIds nearest first; the kit is the nearest, and plays all others as well
 * @param maxMessageBytes longest body of a message
 * @param logLevel a level of Python's logging: 20 is INFO
 */
public record Wanted(int id, List<Integer> parentIds, boolean unidirectional, int maxMessageBytes, int logLevel) {
    public static final Wanted DEFAULT = new Wanted(1, List.of(0), false, 128 << 20, 20);

    public Wanted withParents(Integer... ids) {
        return new Wanted(id, List.of(ids), unidirectional, maxMessageBytes, logLevel);
    }

    public Wanted withMaxMessageBytes(int bytes) {
        return new Wanted(id, parentIds, unidirectional, bytes, logLevel);
    }

    public Wanted inOneDirection() {
        return new Wanted(id, parentIds, true, maxMessageBytes, logLevel);
    }

    public Wanted withId(int newId) {
        return new Wanted(newId, parentIds, unidirectional, maxMessageBytes, logLevel);
    }

    public Wanted withLogLevel(int level) {
        return new Wanted(id, parentIds, unidirectional, maxMessageBytes, level);
    }
}
