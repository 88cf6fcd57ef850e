// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static io.mitogen.master.LooseProgram.chain;
import static io.mitogen.master.LooseProgram.loose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.core.load.ClassImage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How much goes along with a request, by what was asked for before it. */
class BundlePlannerTest {
    private static final long PAUSE_NS = TimeUnit.SECONDS.toNanos(6);

    private long nowNs;
    private final ClassResponder responder = new ClassResponder(
            LooseProgram.finder(), ImportPolicy.ALLOW_ALL, new BundlePlanner.Budget(2, 1 << 20), () -> nowNs);

    @Test
    void shouldGiveFourTimesAsMuchToWhoAsksForWhatWasCutOff() {
        assertEquals(List.of(chain(1), chain(2), chain(0)), serve(chain(0)));

        List<String> second = new ArrayList<>(
                IntStream.rangeClosed(4, 11).mapToObj(LooseProgram::chain).toList());
        second.add(chain(3));
        assertEquals(second, serve(chain(3)));
    }

    @Test
    void shouldGiveNoMoreToWhoAsksForWhatNothingNamed() {
        serve(chain(0));

        assertEquals(List.of(chain(11), chain(12), chain(10)), serve(chain(10)));
    }

    @Test
    void shouldSendWhatLiesBesideFromTheThirdClassOnThatNothingNamed() {
        assertEquals(List.of(loose(9)), serve(loose(9)));
        assertEquals(List.of(loose(8)), serve(loose(8)));
        assertEquals(List.of(loose(0), loose(1), loose(7)), serve(loose(7)));

        List<String> fourth = new ArrayList<>(List.of(loose(2), loose(3), loose(4), loose(5), loose(6)));
        fourth.addAll(List.of(loose(10), loose(11), loose(12), loose(20)));
        assertEquals(fourth, serve(loose(20)));
    }

    @Test
    void shouldBeginAnewAfterAPause() {
        for (int i = 0; i < 9; i++) {
            assertEquals(List.of(loose(i)), serve(loose(i)));
            nowNs += PAUSE_NS;
        }
    }

    @Test
    void shouldNotCountTheRequestsOfOtherStreams() {
        for (int i = 0; i < 9; i++) {
            List<String> sent = new ArrayList<>();
            responder.serve(loose(i), "stream " + i, image -> sent.add(image.path()));
            assertEquals(List.of(loose(i)), sent);
        }
    }

    @Test
    void shouldNotFollowAgainWhatWasFollowedForTheSameStream() {
        for (int i = 0; i < LooseProgram.COUNT; i++) {
            serve(chain(i));
        }

        List<ClassImage> again = new ArrayList<>();
        responder.serve(chain(0), "stream", again::add);
        assertEquals(1, again.size());
        assertEquals(List.of(chain(1)), again.get(0).related(), "what it names, and not what that leads to");
    }

    private List<String> serve(String path) {
        List<ClassImage> images = new ArrayList<>();
        responder.serve(path, "stream", images::add);
        return images.stream().map(ClassImage::path).toList();
    }
}
