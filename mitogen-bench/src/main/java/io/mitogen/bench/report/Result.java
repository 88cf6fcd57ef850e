// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that one workload found out. A value.
 *
 * @param key its name in results.json
 * @param title what is measured, as a sentence without an end
 * @param figures what was measured, the one that stands for all first; empty only of a failure
 * @param atLeast what must hold; empty of what is reported only
 * @param aims what ought to hold; empty if there is no aim
 * @param plots pictures, by the name of their file without the ending
 * @param notes what a reader must know to judge the figures
 * @param failure why there are no figures; empty if there are
 */
public record Result(
        String key,
        String title,
        List<Figure> figures,
        List<Bound> atLeast,
        List<Bound> aims,
        Map<String, Plot> plots,
        List<String> notes,
        String failure) {

    /** Returns the result of a workload that could not measure. */
    public static Result failed(String key, String title, String reason) {
        return new Result(key, title, List.of(), List.of(), List.of(), Map.of(), List.of(), reason);
    }

    /** Returns a copy with one more note. */
    public Result withNote(String note) {
        List<String> more = new ArrayList<>(notes);
        more.add(note);
        return new Result(key, title, figures, atLeast, aims, plots, List.copyOf(more), failure);
    }

    /** Begins a result. */
    public static Builder of(String key, String title) {
        return new Builder(key, title);
    }

    public boolean isFailure() {
        return !failure.isEmpty();
    }

    /** Tells whether it was measured, and all that must hold does. */
    public boolean atLeastHolds() {
        return !isFailure() && atLeast.stream().allMatch(Bound::holds);
    }

    /** Tells whether it was measured, and all that ought to hold does. */
    public boolean aimHolds() {
        return !isFailure() && aims.stream().allMatch(Bound::holds);
    }

    /** Returns this as values for {@link Json}: the first figure's at the top, the others' in a list. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("title", title);
        map.put("at_least_holds", atLeastHolds());
        map.put("aim_holds", aims.isEmpty() && !isFailure() ? null : aimHolds());
        map.put("at_least", atLeast.stream().map(Bound::toMap).toList());
        map.put("aim", aims.stream().map(Bound::toMap).toList());
        if (isFailure()) {
            map.put("failure", failure);
        } else {
            map.putAll(figures.get(0).toMap());
            map.put("more", figures.stream().skip(1).map(Figure::toMap).toList());
        }
        map.put("notes", notes);
        return map;
    }

    /** Collects a result. One thread at a time. */
    public static final class Builder {
        private final String key;
        private final String title;
        private final List<Figure> figures = new ArrayList<>();
        private final List<Bound> atLeast = new ArrayList<>();
        private final List<Bound> aims = new ArrayList<>();
        private final Map<String, Plot> plots = new LinkedHashMap<>();
        private final List<String> notes = new ArrayList<>();

        private Builder(String key, String title) {
            this.key = key;
            this.title = title;
        }

        /** Adds a figure; the first stands for all. */
        public Builder figure(Figure figure) {
            figures.add(figure);
            return this;
        }

        /** Adds something that must hold. */
        public Builder atLeast(Bound bound) {
            atLeast.add(bound);
            return this;
        }

        /** Adds something that ought to hold. */
        public Builder aim(Bound bound) {
            aims.add(bound);
            return this;
        }

        /** Adds {@code value}, which must not be above {@code required} and ought not to be above {@code wanted}. */
        public Builder atMost(String what, double value, double required, double wanted) {
            return atLeast(Bound.atMost(what, value, required)).aim(Bound.atMost(what, value, wanted));
        }

        /** Adds {@code value}, which must not be below {@code required} and ought not to be below {@code wanted}. */
        public Builder notLess(String what, double value, double required, double wanted) {
            return atLeast(Bound.atLeast(what, value, required)).aim(Bound.atLeast(what, value, wanted));
        }

        /** Adds a picture. */
        public Builder plot(String name, Plot plot) {
            plots.put(name, plot);
            return this;
        }

        /** Adds a note. */
        public Builder note(String note) {
            notes.add(note);
            return this;
        }

        /** Returns the result. */
        public Result build() {
            return new Result(
                    key,
                    title,
                    List.copyOf(figures),
                    List.copyOf(atLeast),
                    List.copyOf(aims),
                    Collections.unmodifiableMap(plots),
                    List.copyOf(notes),
                    "");
        }
    }
}
