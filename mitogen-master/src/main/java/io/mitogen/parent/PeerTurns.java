// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.BrokerThread;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Bounds the attempts that are at the same peer's door at a time: started, and not let in yet. An attempt has a turn at all its
 * peers or waits; those that wait for the same peer begin in the order in which they came.
 */
@BrokerThread
final class PeerTurns<T> {
    /** Below the 10 connections without a login from which on an sshd with its defaults turns away others. */
    static final int AT_A_TIME = 8;

    private final Map<String, Integer> busy = new HashMap<>();
    private final Map<T, Set<String>> inside = new HashMap<>();
    private final Map<T, Turn> waiting = new LinkedHashMap<>();

    private record Turn(Set<String> peers, Runnable begin) {}

    /** Runs {@code begin} when all of {@code peers} have room, at once or later; each attempt enters once at a time. */
    void enter(T attempt, Set<String> peers, Runnable begin) {
        waiting.put(attempt, new Turn(Set.copyOf(peers), begin));
        beginNext();
    }

    /** Ends the turn of an attempt, or its wait. Calling again does nothing. */
    void leave(T attempt) {
        boolean hadWaited = waiting.remove(attempt) != null; // then others may have waited behind it
        Set<String> left = inside.remove(attempt);
        if (left != null) {
            left.forEach(peer -> busy.merge(peer, -1, (count, less) -> count == 1 ? null : count + less));
        }
        if (hadWaited || left != null) {
            beginNext();
        }
    }

    private void beginNext() {
        Set<String> full = new HashSet<>(); // peers that somebody waits for, who comes first
        List<Runnable> begun = new ArrayList<>();
        waiting.entrySet().removeIf(next -> {
            Set<String> peers = next.getValue().peers();
            boolean waits =
                    peers.stream().anyMatch(peer -> full.contains(peer) || busy.getOrDefault(peer, 0) >= AT_A_TIME);
            if (waits) {
                full.addAll(peers);
                return false;
            }
            peers.forEach(peer -> busy.merge(peer, 1, Integer::sum));
            inside.put(next.getKey(), peers);
            begun.add(next.getValue().begin());
            return true;
        });
        begun.forEach(Runnable::run); // which may enter and leave
    }
}
