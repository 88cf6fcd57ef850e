// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.mitogen.core.testing.RecordingSink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A route table holds what a map would, whatever was put and removed before; links know what leads over them. */
final class RouteTableProperties {
    /** One change of a table: link -1 removes the route. */
    record Change(int id, int link) {}

    @Provide
    Arbitrary<List<Change>> changes() {
        Arbitrary<Integer> ids = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 40),
                Arbitraries.integers().between(0, 40).map(i -> i << 12), // one bucket for all
                Arbitraries.integers());
        return Combinators.combine(ids, Arbitraries.integers().between(-1, 2))
                .as(Change::new)
                .list()
                .ofMaxSize(200);
    }

    @Property(tries = 300)
    void shouldHoldWhatAMapHolds(@ForAll("changes") List<Change> changes) {
        RouterFixture fixture = new RouterFixture(new RecordingSink(), false, 1_000_003);
        List<Link> links = new ArrayList<>();
        for (int id = 2_000_000_001; links.size() < 3; id++) {
            fixture.child(id);
            links.add(fixture.router.route(id));
        }
        Map<Integer, Link> model = new HashMap<>();
        links.forEach(link -> model.put(link.peerId(), link));
        for (Change change : changes) {
            fixture.inTurn(() -> {
                if (change.link < 0) {
                    fixture.router.deleteRoute(change.id, "removed");
                    model.remove(change.id);
                } else {
                    fixture.router.addRoute(change.id, links.get(change.link));
                    model.put(change.id, links.get(change.link));
                }
            });
            assertSame(model.get(change.id), fixture.router.route(change.id));
        }
        model.forEach((id, link) -> assertSame(link, fixture.router.route(id)));
        assertArrayEquals(model.keySet().stream().mapToInt(id -> id).sorted().toArray(), fixture.router.routedIds());
        List<Integer> gone = new ArrayList<>();
        fixture.router.listeners().add(new RouterListener() {
            @Override
            public void onContextGone(int contextId, Link over, String reason) {
                gone.add(contextId);
            }

            @Override
            public void onLinkGone(Link link, String reason) {}
        });
        Link closed = links.get(0);
        fixture.inTurn(() -> closed.stream().close("the end"));
        assertEquals(
                model.keySet().stream()
                        .filter(id -> model.get(id) == closed)
                        .sorted()
                        .toList(),
                gone);
        model.values().removeIf(link -> link == closed);
        assertEquals(model.size(), fixture.router.routedIds().length);
    }
}
