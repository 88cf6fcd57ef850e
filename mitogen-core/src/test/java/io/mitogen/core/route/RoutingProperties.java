// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.core.loop.BrokerDriver;
import io.mitogen.core.loop.MemoryPeer;
import io.mitogen.core.loop.Stream;
import io.mitogen.core.testing.RecordingSink;
import io.mitogen.core.wire.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** In any tree, a message arrives exactly when there is a way that is allowed; otherwise its sender is told why. */
final class RoutingProperties {
    private static final int REQUESTS = 100;

    @Property(tries = 200)
    void shouldDeliverExactlyWhenThereIsAnAllowedWay(
            @ForAll @Size(min = 1, max = 7) List<@IntRange(max = 100) Integer> parentPicks,
            @ForAll boolean unidirectional,
            @ForAll @IntRange(min = 1, max = 100) int lostPick) {
        Tree tree = new Tree(parentPicks, unidirectional);
        tree.checkAllPairs(-1);
        int lost = 1 + lostPick % parentPicks.size();
        tree.lose(lost);
        tree.checkAllPairs(lost);
        tree.log.check();
    }

    /** Routers of one broker, joined by links that carry bytes when told to. Context 0 is the master. */
    private static final class Tree {
        final RecordingSink log = new RecordingSink();
        private final BrokerDriver driver = new BrokerDriver(log);
        private final boolean unidirectional;
        private final int[] parents;
        private final List<Router> routers = new ArrayList<>();
        private final List<MemoryPeer> upper = new ArrayList<>(); // at i: the parent's link to context i
        private final List<MemoryPeer> lower = new ArrayList<>(); // at i: the link of context i to its parent
        private final List<String> seen = new ArrayList<>();

        Tree(List<Integer> parentPicks, boolean unidirectional) {
            this.unidirectional = unidirectional;
            parents = new int[parentPicks.size() + 1];
            parents[0] = -1;
            for (int i = 0; i < parents.length; i++) {
                if (i > 0) {
                    parents[i] = parentPicks.get(i - 1) % i;
                }
                add(i);
            }
        }

        private void add(int id) {
            int[] ancestors = new int[depth(id)];
            for (int at = parents[id], i = 0; at >= 0; at = parents[at]) {
                ancestors[i++] = at;
            }
            Router router = new Router(
                    driver.broker(), new Identity(id, ancestors), new Router.Settings(1_000, unidirectional), log);
            routers.add(router);
            upper.add(new MemoryPeer());
            lower.add(new MemoryPeer());
            router.addHandler(Registration.of((message, from) -> {
                        seen.add(id + " got " + message.text() + " from " + message.src());
                        router.reply(message, new byte[] {'o', 'k'});
                    })
                    .on(REQUESTS));
            if (id > 0) {
                driver.broker().runInTurn(() -> connect(id));
            }
        }

        private void connect(int id) {
            try {
                routers.get(id)
                        .connectParent(
                                lower.get(id).receiveSide(), lower.get(id).transmitSide());
                Stream stream = new Stream(
                        driver.broker(),
                        "to " + id,
                        upper.get(id).receiveSide(),
                        upper.get(id).transmitSide());
                stream.open();
                routers.get(parents[id]).connectChild(stream, id);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            for (int child = parents[id]; parents[child] >= 0; child = parents[child]) {
                Router above = routers.get(parents[child]);
                above.addRoute(id, above.route(child));
            }
        }

        /** Breaks the link above {@code lost}, as its relay would announce it. */
        void lose(int lost) {
            upper.get(lost).hangUp();
            driver.broker().runInTurn(() -> {
                for (int above = parents[lost]; above >= 0; above = parents[above]) {
                    for (int id = lost; id < parents.length; id++) {
                        if (isBelow(id, lost)) {
                            routers.get(above).deleteRoute(id, "lost");
                        }
                    }
                }
            });
        }

        void checkAllPairs(int lost) {
            for (int src = 0; src < parents.length; src++) {
                if (lost >= 0 && isBelow(src, lost)) {
                    continue; // it is a tree of its own now
                }
                for (int dst = 0; dst <= parents.length; dst++) { // the last one does not exist
                    check(src, dst, lost);
                }
            }
        }

        private void check(int src, int dst, int lost) {
            seen.clear();
            int replyTo = routers.get(src)
                    .addHandler(Registration.reply(
                            (message, from) -> seen.add((message.isDead() ? "dead: " : "answer: ") + message.text()),
                            dst));
            routers.get(src).send(Message.to(dst, REQUESTS, replyTo, new byte[] {'q'}));
            carry();
            assertEquals(expected(src, dst, lost), seen, src + " to " + dst + " in " + Arrays.toString(parents));
        }

        private List<String> expected(int src, int dst, int lost) {
            if (dst == parents.length || lost >= 0 && isBelow(dst, lost)) {
                return List.of("dead: no route to " + dst + ", my ID is 0");
            }
            int turn = commonAncestor(src, dst);
            if (unidirectional && turn != src && turn != dst) {
                return List.of("dead: routing mode prevents forward of message from context " + childTowards(turn, src)
                        + " to context " + childTowards(turn, dst) + " via context " + turn);
            }
            return List.of(dst + " got q from " + src, "answer: ok");
        }

        private void carry() {
            boolean moved = true;
            while (moved) {
                moved = driver.settle() > 0;
                for (int id = 1; id < parents.length; id++) {
                    moved |= move(upper.get(id), lower.get(id)) | move(lower.get(id), upper.get(id));
                }
            }
        }

        private static boolean move(MemoryPeer from, MemoryPeer to) {
            byte[] bytes = from.takeBytes();
            if (bytes.length > 0) {
                to.say(bytes);
            }
            return bytes.length > 0;
        }

        private int depth(int id) {
            int depth = 0;
            for (int at = parents[id]; at >= 0; at = parents[at]) {
                depth++;
            }
            return depth;
        }

        private boolean isBelow(int id, int ancestor) {
            int at = id;
            while (at >= 0 && at != ancestor) {
                at = parents[at];
            }
            return at == ancestor;
        }

        private int commonAncestor(int one, int two) {
            int at = one;
            while (!isBelow(two, at)) {
                at = parents[at];
            }
            return at;
        }

        private int childTowards(int ancestor, int id) {
            int at = id;
            while (parents[at] != ancestor) {
                at = parents[at];
            }
            return at;
        }
    }
}
