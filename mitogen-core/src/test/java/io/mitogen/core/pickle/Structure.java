// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Compares values as a graph: same types, same content, and optionally the same sharing. One thread at a time. */
public final class Structure {
    private final IdentityHashMap<Object, Object> partners = new IdentityHashMap<>();
    private final IdentityHashMap<Object, Object> reverse = new IdentityHashMap<>();
    private final boolean hasSameSharing;

    private Structure(boolean hasSameSharing) {
        this.hasSameSharing = hasSameSharing;
    }

    /** Returns whether both have equal content, whatever they share inside; an Integer may equal a Long. */
    public static boolean isEqual(Object one, Object two) {
        return new Structure(false).isSame(one, two);
    }

    /** Returns whether both have equal content, and containers are shared in the same places. */
    public static boolean isIsomorphic(Object one, Object two) {
        return new Structure(true).isSame(one, two);
    }

    private boolean isSame(Object one, Object two) {
        if (one instanceof PyLiteral.Hidden) {
            return ((PyLiteral.Hidden) one).text().equals(String.valueOf(two));
        }
        if (one instanceof byte[]) {
            return two instanceof byte[] && Arrays.equals((byte[]) one, (byte[]) two) && isPartner(one, two);
        }
        boolean isContainer = one instanceof List || one instanceof Map || one instanceof Tuple;
        if (!isContainer) {
            if (one instanceof TestGlobals.Made && two instanceof TestGlobals.Made) {
                TestGlobals.Made made = (TestGlobals.Made) one;
                TestGlobals.Made other = (TestGlobals.Made) two;
                return made.type().equals(other.type()) && isSame(made.arguments(), other.arguments());
            }
            return Objects.equals(one, two) || !hasSameSharing && isSameWhole(one, two);
        }
        if (two == null) {
            return false;
        }
        if (partners.get(one) == two) {
            return true;
        }
        boolean isConstant = one == Tuple.of() || one == Kwargs.of();
        return (isConstant || isPartner(one, two)) && isSameContent(one, two);
    }

    /** Python prints its numbers without telling how they were written. */
    private static boolean isSameWhole(Object one, Object two) {
        boolean areWhole =
                (one instanceof Integer || one instanceof Long) && (two instanceof Integer || two instanceof Long);
        return areWhole && ((Number) one).longValue() == ((Number) two).longValue();
    }

    private boolean isPartner(Object one, Object two) {
        Object before = partners.put(one, two);
        Object back = reverse.put(two, one);
        return !hasSameSharing || (before == null || before == two) && (back == null || back == one);
    }

    private boolean isSameContent(Object one, Object two) {
        if (one instanceof Map) {
            boolean isSameKind = two instanceof Map && (one instanceof Kwargs) == (two instanceof Kwargs);
            return isSameKind && isSameMap((Map<?, ?>) one, (Map<?, ?>) two);
        }
        if (one instanceof Tuple) {
            return two instanceof Tuple && isSameRow(((Tuple) one).asList(), ((Tuple) two).asList());
        }
        return two instanceof List && isSameRow((List<?>) one, (List<?>) two);
    }

    private boolean isSameRow(List<?> one, List<?> two) {
        boolean isSame = one.size() == two.size();
        Iterator<?> others = two.iterator();
        for (Iterator<?> items = one.iterator(); isSame && items.hasNext(); ) {
            isSame = isSame(items.next(), others.next());
        }
        return isSame;
    }

    private boolean isSameMap(Map<?, ?> one, Map<?, ?> two) {
        if (one.size() != two.size()) {
            return false;
        }
        for (Map.Entry<?, ?> entry : new ArrayList<>(one.entrySet())) {
            if (!two.containsKey(entry.getKey()) || !isSame(entry.getValue(), two.get(entry.getKey()))) {
                return false;
            }
        }
        return true;
    }
}
