// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.MitogenException;
import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Kwargs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Chooses among methods of one name by the values that arrived, as the compiler would by their types. What fits exactly comes
 * before what fits after widening, then what fits because of the value (5 as a short, "a" as a char), then varargs. Of
 * equals, the one with the narrowest parameters wins. One thread; made for one call.
 */
final class Overloads {
    private static final int EXACT = 0;
    private static final int WIDENED = 1;
    private static final int NARROWED = 2;
    private static final int SPREAD = 3;

    private final Object[] arguments;
    private final Kwargs kwargs;
    private final ChildContext child;

    /** The candidates of the best rank so far, and the converted values of each. */
    private final List<Target> best = new ArrayList<>();

    private final List<Object[]> bound = new ArrayList<>();
    private int rank = SPREAD + 1;
    private int chosen = -1;
    /** Why the last candidate was dropped. */
    private MitogenException misfit;

    Overloads(Object[] arguments, Kwargs kwargs, ChildContext child) {
        this.arguments = arguments;
        this.kwargs = kwargs;
        this.child = child;
    }

    /**
     * Picks one of {@code candidates}, of which there is at least one.
     *
     * @throws ConversionException if the only candidate does not take the values
     * @throws BadTargetException if no candidate takes them, or several do equally well
     */
    void choose(Target[] candidates) {
        for (Target candidate : candidates) {
            if (!offer(candidate, false) && candidate.isVarArgs()) {
                offer(candidate, true);
            }
        }
        if (best.isEmpty() && candidates.length == 1) {
            throw misfit;
        }
        if (best.isEmpty()) {
            throw new BadTargetException("no overload takes " + describeArguments() + ": " + list(candidates), misfit);
        }
        for (int i = 0; i < best.size() && chosen < 0; i++) {
            chosen = isNarrowest(best.get(i)) ? i : -1;
        }
        if (chosen < 0) {
            throw new BadTargetException(describeArguments() + " fit equally well " + list(best.toArray(new Target[0]))
                    + ": name the one that is meant with its descriptor");
        }
    }

    /** Runs what was chosen, unless its result is wanted and could not be sent; throws what it throws. */
    @Nullable
    Object invoke(boolean wantsResult) throws Throwable {
        if (wantsResult) {
            best.get(chosen).checkResult();
        }
        return best.get(chosen).invoke(bound.get(chosen));
    }

    private boolean offer(Target candidate, boolean spread) {
        Object[] values;
        try {
            values = candidate.bind(arguments, kwargs, child, spread);
        } catch (ConversionException | BadTargetException problem) {
            if (problem instanceof ConversionException || !(misfit instanceof ConversionException)) {
                misfit = problem;
            }
            return false;
        }
        int newRank = spread ? SPREAD : rank(candidate.sentTypes());
        if (newRank < rank) {
            best.clear();
            bound.clear();
            rank = newRank;
        }
        if (newRank == rank) {
            best.add(candidate);
            bound.add(values);
        }
        return true;
    }

    private boolean isNarrowest(Target candidate) {
        for (Target other : best) {
            if (other != candidate && !isNarrower(candidate, other)) {
                return false;
            }
        }
        return true;
    }

    private int rank(Class<?>[] types) {
        int worst = EXACT;
        for (int i = 0; i < types.length && i < arguments.length; i++) {
            worst = Math.max(worst, rank(arguments[i], Numbers.boxed(types[i])));
        }
        return worst;
    }

    private static int rank(@Nullable Object value, Class<?> type) {
        if (value == null || type == value.getClass()) {
            return EXACT;
        }
        if (value instanceof List && type.isAssignableFrom(List.class) && type != Object.class) {
            return EXACT;
        }
        if (value instanceof Map && type == Map.class) {
            return EXACT;
        }
        boolean wider = Numbers.order(value.getClass()) >= 0 && Numbers.order(type) > Numbers.order(value.getClass());
        return wider || type.isInstance(value) || type.isArray() ? WIDENED : NARROWED;
    }

    private static boolean isNarrower(Target one, Target other) {
        Class<?>[] types = one.sentTypes();
        Class<?>[] others = other.sentTypes();
        if (types.length != others.length) {
            return types.length > others.length;
        }
        boolean strictly = false;
        for (int i = 0; i < types.length; i++) {
            if (types[i] != others[i]) {
                strictly = true;
                if (!isNarrower(types[i], others[i])) {
                    return false;
                }
            }
        }
        return strictly;
    }

    private static boolean isNarrower(Class<?> type, Class<?> other) {
        if (type.isArray() && other.isArray()) {
            return isNarrower(type.getComponentType(), other.getComponentType());
        }
        Class<?> boxed = Numbers.boxed(type);
        Class<?> otherBoxed = Numbers.boxed(other);
        if (boxed == otherBoxed) {
            return type.isPrimitive();
        }
        int order = Numbers.order(boxed);
        return order >= 0 && order < Numbers.order(otherBoxed) || otherBoxed.isAssignableFrom(boxed);
    }

    private String describeArguments() {
        StringBuilder text = new StringBuilder("(");
        for (int i = 0; i < arguments.length; i++) {
            text.append(i == 0 ? "" : ", ");
            text.append(arguments[i] == null ? "null" : arguments[i].getClass().getTypeName());
        }
        return text.append(')').toString();
    }

    private static String list(Target[] candidates) {
        StringBuilder text = new StringBuilder();
        for (Target candidate : candidates) {
            text.append(text.length() == 0 ? "" : ", ").append(candidate);
        }
        return text.toString();
    }
}
