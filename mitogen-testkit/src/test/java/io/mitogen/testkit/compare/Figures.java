// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured of the two libraries, by the names that the Python script uses, too. One thread at a time. */
final class Figures {
    private final Map<String, List<Double>> ours = new LinkedHashMap<>();
    private final Map<String, List<Double>> pythons = new LinkedHashMap<>();

    void addOwn(String name, double value) {
        add(ours, name, value);
    }

    void addPython(String name, double value) {
        add(pythons, name, value);
    }

    private static void add(Map<String, List<Double>> figures, String name, double value) {
        figures.computeIfAbsent(name, added -> new ArrayList<>()).add(value);
    }

    /** Returns the names that both libraries have values of. */
    List<String> common() {
        return ours.keySet().stream().filter(pythons::containsKey).toList();
    }

    /** Returns a line with both medians and their ratio; of what Python does not have, with ours alone. */
    String line(String name, String label) {
        double own = median(ours.get(name));
        if (!pythons.containsKey(name)) {
            return String.format(Locale.ROOT, "%-48s %12.1f%n", label, own);
        }
        double other = median(pythons.get(name));
        String ratio = other == 0 ? "-" : String.format(Locale.ROOT, "%.2f", own / other);
        return String.format(Locale.ROOT, "%-48s %12.1f %12.1f %8s%n", label, own, other, ratio);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
