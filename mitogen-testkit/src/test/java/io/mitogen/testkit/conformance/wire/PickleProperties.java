// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Laws of the kit's pickles. */
final class PickleProperties {
    @Property
    void shouldComeBackTheSameWhenWrittenAndRead(@ForAll("values") Object value) {
        assertEquals(Repr.of(value), Repr.of(PickleIn.read(PickleOut.toBytes(value))));
    }

    @Property
    void shouldComeBackTheSameWhenThingsAreShared(@ForAll("values") Object value) {
        List<Object> twice = Arrays.asList(value, Tuple.of(value, value), value);
        assertEquals(Repr.of(twice), Repr.of(PickleIn.read(PickleOut.toBytesShared(twice))));
    }

    @Property
    void shouldFailInItsOwnWayWhenInputIsGarbage(@ForAll byte[] garbage) {
        readOrRefuse(garbage);
    }

    @Property
    void shouldFailInItsOwnWayWhenOneByteIsChanged(
            @ForAll("values") Object value, @ForAll int place, @ForAll byte with) {
        byte[] pickle = PickleOut.toBytesShared(value);
        pickle[Math.floorMod(place, pickle.length)] = with;
        readOrRefuse(pickle);
    }

    @Property
    void shouldBeTheSameValueWhenItsOpcodesStandInsideOfAnother(@ForAll("values") Object value) {
        RawPickle raw = RawPickle.inside(PickleOut.toBytes(value));
        Object outer = PickleIn.read(PickleOut.toBytes(Arrays.asList(1, raw, 2)));
        assertEquals(Repr.of(Arrays.asList(1, value, 2)), Repr.of(outer));
    }

    private static void readOrRefuse(byte[] pickle) {
        try {
            PickleIn.read(pickle);
        } catch (PickleError expected) { // that is its own way
            assertTrue(!expected.getMessage().isEmpty());
        }
    }

    @Provide
    Arbitrary<Object> values() {
        Arbitrary<Object> leaves = Arbitraries.oneOf(
                Arbitraries.of(true, false).asGeneric(),
                Arbitraries.bigIntegers()
                        .between(BigInteger.TWO.pow(2100).negate(), BigInteger.TWO.pow(2100))
                        .asGeneric(),
                Arbitraries.integers().map(BigInteger::valueOf).asGeneric(),
                Arbitraries.doubles().asGeneric(),
                Arbitraries.strings().all().ofMaxLength(300).asGeneric(),
                Arbitraries.bytes()
                        .array(byte[].class)
                        .ofMaxSize(300)
                        .map(Bytes::new)
                        .asGeneric());
        return Arbitraries.recursive(() -> leaves.injectNull(0.1), PickleProperties::container, 0, 3);
    }

    private static Arbitrary<Object> container(Arbitrary<Object> items) {
        Arbitrary<List<Object>> lists = items.list().ofMaxSize(5).map(ArrayList::new);
        Arbitrary<Map<Object, Object>> maps = Arbitraries.maps(
                        Arbitraries.strings().ofMaxLength(5), items)
                .ofMaxSize(4)
                .map(LinkedHashMap::new);
        return Arbitraries.oneOf(
                lists.asGeneric(),
                lists.map(list -> Tuple.of(list.toArray())).asGeneric(),
                maps.asGeneric(),
                maps.map(map -> new Made(Global.KWARGS, Tuple.of(map))).asGeneric());
    }
}
