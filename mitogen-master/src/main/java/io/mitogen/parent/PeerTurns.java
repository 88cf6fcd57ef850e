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
 * Limits the attempts under way at each peer: started, and not let in yet. An attempt holds a slot at all its peers or waits; those
 * that wait for the same peer begin in the order of their arrival.
 */
@BrokerThread
final class PeerTurns<T> {
    /** Slots of a peer; an sshd with its defaults turns away connections when 10 have not logged in yet. */
    static final int AT_A_TIME = 8;

    private final Map<String, Integer> busy = new HashMap<>();
    private final Map<T, Set<String>> inside = new HashMap<>();
    private final Map<T, Turn> waiting = new LinkedHashMap<>();

    private record Turn(Set<String> peers, Runnable begin) {}

    /** Runs {@code begin} when all of {@code peers} have a free slot, now or later; an attempt that has entered must leave first. */
    void enter(T attempt, Set<String> peers, Runnable begin) {
        waiting.put(attempt, new Turn(Set.copyOf(peers), begin));
        beginNext();
    }

    /** Frees the slots of an attempt, or ends its wait. Calling again does nothing. */
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
