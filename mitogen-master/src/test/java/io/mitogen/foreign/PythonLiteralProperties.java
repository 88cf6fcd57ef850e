// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.core.pickle.Tuple;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** For any value and any text. */
class PythonLiteralProperties {
    @Property
    void shouldReadBackWhatIsPrintedAsPythonDoes(@ForAll("values") Object value) throws LiteralException {
        assertEquals(value, PythonLiteral.parse(repr(value)));
    }

    @Property
    void shouldReadOrRefuseAnyText(@ForAll String text) {
        parse(text);
    }

    @Property
    void shouldReadOrRefuseAnyTextOfItsCharacters(@ForAll("likely") String text) {
        parse(text);
    }

    @Property
    void shouldReadOrRefuseAValueWithAnyPartLeftOut(
            @ForAll("values") Object value, @ForAll int from, @ForAll int count) {
        String text = repr(value);
        int start = Math.floorMod(from, text.length());
        int end = Math.min(text.length(), start + Math.floorMod(count, 8));
        parse(text.substring(0, start) + text.substring(end));
    }

    private static void parse(String text) {
        try {
            PythonLiteral.parse(text);
        } catch (LiteralException expected) {
            // any other exception fails
        }
    }

    @Provide
    Arbitrary<String> likely() {
        return Arbitraries.strings()
                .withChars("[](){},:'\"\\ux0123456789abfNTL- None")
                .ofMaxLength(40);
    }

    @Provide
    Arbitrary<Object> values() {
        Arbitrary<Object> plain = Arbitraries.oneOf(
                Arbitraries.just((Object) "x"),
                Arbitraries.of(true, false).map(b -> (Object) b),
                Arbitraries.longs().map(n -> (Object) n),
                Arbitraries.bigIntegers()
                        .between(BigInteger.ONE.shiftLeft(63), BigInteger.ONE.shiftLeft(200))
                        .map(n -> (Object) n),
                Arbitraries.strings().all().ofMaxLength(20).map(s -> (Object) s));
        return Arbitraries.recursive(() -> plain, value -> containers(plain, value), 0, 3);
    }

    private static Arbitrary<Object> containers(Arbitrary<Object> plain, Arbitrary<Object> value) {
        return Arbitraries.oneOf(
                value,
                value.list().ofMaxSize(3).map(list -> (Object) list),
                value.list().ofMaxSize(3).map(list -> (Object) Tuple.of(list.toArray())),
                Combinators.combine(plain.list().ofMaxSize(3), value).as((keys, each) -> {
                    Map<Object, Object> map = new LinkedHashMap<>();
                    keys.forEach(key -> map.put(key, each));
                    return map;
                }));
    }

    /** As Python's function of that name. */
    private static String repr(Object value) {
        if (value instanceof Boolean) {
            return (Boolean) value ? "True" : "False";
        }
        if (value instanceof Number) {
            return value.toString();
        }
        if (value instanceof String) {
            return repr((String) value);
        }
        if (value instanceof List) {
            return ((List<?>) value)
                    .stream().map(PythonLiteralProperties::repr).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Tuple) {
            List<?> items = ((Tuple) value).asList();
            return items.stream()
                    .map(PythonLiteralProperties::repr)
                    .collect(Collectors.joining(", ", "(", items.size() == 1 ? ",)" : ")"));
        }
        return ((Map<?, ?>) value)
                .entrySet().stream()
                        .map(entry -> repr(entry.getKey()) + ": " + repr(entry.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String repr(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder printed = new StringBuilder().append(quote);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int escape = "\n\r\t\\".indexOf(c);
            if (escape >= 0) {
                printed.append('\\').append("nrt\\".charAt(escape));
            } else if (c == quote) {
                printed.append('\\').append(c);
            } else if (c < ' ' || c > '~' && c < 0x100) {
                printed.append(String.format("\\x%02x", (int) c));
            } else if (Character.isSurrogate(c) || c % 3 == 0) {
                printed.append(c > '~' ? String.format("\\u%04x", (int) c) : String.valueOf(c));
            } else {
                printed.append(c);
            }
        }
        return printed.append(quote).toString();
    }
}
