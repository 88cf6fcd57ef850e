// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.load.ClassImage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class BundlePlannerProperties {
    /** A request for a path, so long after the answer before. */
    record Request(String path, long pauseNs) {}

    @Provide
    Arbitrary<List<Request>> requests() {
        Arbitrary<Integer> index = Arbitraries.integers().between(0, LooseProgram.COUNT); // the last is not there
        Arbitrary<String> path = Arbitraries.oneOf(index.map(LooseProgram::chain), index.map(LooseProgram::loose));
        Arbitrary<Long> pauseNs = Arbitraries.of(0L, 10_000_000_000L);
        return Combinators.combine(path, pauseNs).as(Request::new).list().ofMaxSize(40);
    }

    @Property(tries = 200)
    void shouldAnswerEachRequestLastAndSendNothingAheadTwiceNorMoreThanFourBudgets(
            @ForAll("requests") List<Request> requests, @ForAll @IntRange(max = 9) int budget) {
        long[] nowNs = {0};
        ClassResponder responder = new ClassResponder(
                LooseProgram.finder(),
                ImportPolicy.ALLOW_ALL,
                new BundlePlanner.Budget(budget, 1 << 20),
                () -> nowNs[0]);
        Set<String> sent = new HashSet<>();
        for (Request request : requests) {
            nowNs[0] += request.pauseNs();
            List<ClassImage> images = new ArrayList<>();
            responder.serve(request.path(), "stream", images::add);

            List<ClassImage> ahead = images.subList(0, images.size() - 1);
            assertEquals(request.path(), images.get(images.size() - 1).path());
            assertTrue(ahead.size() <= 4 * budget, ahead.size() + " images ahead");
            sent.add(request.path());
            ahead.forEach(each -> assertTrue(sent.add(each.path()), each.path() + " went twice"));
        }
    }
}
