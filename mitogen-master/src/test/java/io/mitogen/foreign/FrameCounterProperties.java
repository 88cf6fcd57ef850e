// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class FrameCounterProperties {
    @Property
    void shouldKnowTheEndsOfFramesHoweverTheyAreCut(
            @ForAll @Size(max = 10) List<@IntRange(max = 300) Integer> bodies,
            @ForAll @Size(min = 1, max = 10) List<@IntRange(min = 1, max = 200) Integer> cuts) {
        int total = 0;
        Set<Integer> ends = new HashSet<>(Set.of(0));
        for (int body : bodies) {
            total += Frames.frame(100, 0, new byte[body]).length;
            ends.add(total);
        }
        byte[] stream = new byte[total];
        int at = 0;
        for (int body : bodies) {
            byte[] frame = Frames.frame(100, 0, new byte[body]);
            System.arraycopy(frame, 0, stream, at, frame.length);
            at += frame.length;
        }
        FrameCounter counter = new FrameCounter();
        int passed = 0;
        for (int i = 0; passed < total; i++) {
            assertEquals(ends.contains(passed), counter.isBetweenFrames(), "at " + passed);
            int count = Math.min(cuts.get(i % cuts.size()), total - passed);
            counter.count(stream, passed, count);
            passed += count;
        }
        assertEquals(true, counter.isBetweenFrames());
    }
}
