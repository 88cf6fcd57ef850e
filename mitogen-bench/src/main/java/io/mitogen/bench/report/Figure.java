// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One quantity, measured on three sides in turns. A side without samples was not measured.
 *
 * @param name what was measured, short enough for a table
 * @param unit unit of all samples
 * @param hasTail whether the 99th percentile says something, as it does of a latency
 * @param ours samples of this library
 * @param python samples of Python Mitogen
 * @param limit samples of a bare pipe between two processes
 */
public record Figure(String name, String unit, boolean hasTail, Samples ours, Samples python, Samples limit) {
    /** Returns an empty figure of a latency. */
    public static Figure latency(String name, String unit) {
        return new Figure(name, unit, true, new Samples(), new Samples(), new Samples());
    }

    /** Returns an empty figure of which the median is all there is to say. */
    public static Figure plain(String name, String unit) {
        return new Figure(name, unit, false, new Samples(), new Samples(), new Samples());
    }

    /** Returns ours by Python's; NaN if one is missing. */
    public double toPython() {
        return ours.median() / python.median();
    }

    /** Returns ours by the limit's; NaN if one is missing. */
    public double toLimit() {
        return ours.median() / limit.median();
    }

    /** Returns this as values for {@link Json}. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", name);
        map.put("unit", unit);
        putSide(map, ours, "");
        putSide(map, python, "python_");
        putSide(map, limit, "limit_");
        map.put("ratio_to_python", toPython());
        map.put("ratio_to_limit", toLimit());
        return map;
    }

    private void putSide(Map<String, Object> map, Samples side, String prefix) {
        map.put(prefix + "median", side.median());
        if (hasTail) {
            map.put(prefix + "p99", side.p99());
        }
        map.put(prefix + "samples", side.size());
    }
}
