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
 * that wait for the same peer begin in the order of their arrival, but after those that were turned away. A peer that turns away one
 * of several takes fewer than it has slots: it loses slots until no attempt is under way.
 */
@BrokerThread
final class PeerTurns<T> {
    /** Slots of a peer; an sshd with its defaults turns away connections when 10 have not logged in yet. */
    static final int AT_A_TIME = 8;

    private final Map<String, Integer> busy = new HashMap<>();
    private final Map<String, Integer> room = new HashMap<>(); // of peers that turned some away
    private final Map<T, Set<String>> inside = new HashMap<>();
    private final Set<T> turnedAway = new HashSet<>(); // until they come again, or are over
    private final Map<T, Turn> comingAgain = new LinkedHashMap<>();
    private final Map<T, Turn> waiting = new LinkedHashMap<>();

    private record Turn(Set<String> peers, Runnable begin) {}

    /** Runs {@code begin} when all of {@code peers} have a free slot, now or later; an attempt that has entered must leave first. */
    void enter(T attempt, Set<String> peers, Runnable begin) {
        Map<T, Turn> line = turnedAway.remove(attempt) ? comingAgain : waiting;
        line.put(attempt, new Turn(Set.copyOf(peers), begin));
        beginNext();
    }

    /**
     * Frees the slots of an attempt that a peer turned away, and that will enter again or leave.
     *
     * @return whether other attempts had slots there: then it has fewer from now on
     */
    boolean turnAway(T attempt) {
        turnedAway.add(attempt);
        boolean crowded = false;
        for (String peer : inside.getOrDefault(attempt, Set.of())) {
            int others = busy.get(peer) - 1;
            if (others > 0) {
                room.merge(peer, others, Math::min);
                crowded = true;
            }
        }
        if (freeSlots(attempt)) {
            beginNext();
        }
        return crowded;
    }

    /** Frees the slots of an attempt, or ends its wait. Calling again does nothing. */
    void leave(T attempt) {
        turnedAway.remove(attempt);
        boolean hadWaited = comingAgain.remove(attempt) != null | waiting.remove(attempt) != null;
        if (freeSlots(attempt) || hadWaited) { // others may have waited behind it
            beginNext();
        }
        if (inside.isEmpty() && turnedAway.isEmpty() && comingAgain.isEmpty() && waiting.isEmpty()) {
            room.clear();
        }
    }

    private boolean freeSlots(T attempt) {
        Set<String> left = inside.remove(attempt);
        if (left != null) {
            left.forEach(peer -> busy.merge(peer, -1, (count, less) -> count == 1 ? null : count + less));
        }
        return left != null;
    }

    private void beginNext() {
        Set<String> full = new HashSet<>(); // peers that somebody waits for, who comes first
        List<Runnable> begun = new ArrayList<>();
        beginFrom(comingAgain, full, begun);
        beginFrom(waiting, full, begun);
        begun.forEach(Runnable::run); // which may enter and leave
    }

    private void beginFrom(Map<T, Turn> line, Set<String> full, List<Runnable> begun) {
        line.entrySet().removeIf(next -> {
            Set<String> peers = next.getValue().peers();
            if (peers.stream().anyMatch(peer -> full.contains(peer) || isFull(peer))) {
                full.addAll(peers);
                return false;
            }
            peers.forEach(peer -> busy.merge(peer, 1, Integer::sum));
            inside.put(next.getKey(), peers);
            begun.add(next.getValue().begin());
            return true;
        });
    }

    private boolean isFull(String peer) {
        return busy.getOrDefault(peer, 0) >= room.getOrDefault(peer, AT_A_TIME);
    }
}
