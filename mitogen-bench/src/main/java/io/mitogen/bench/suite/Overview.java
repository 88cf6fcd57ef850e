// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.suite;

import io.mitogen.bench.report.BarPlot;
import io.mitogen.bench.report.Figure;
import io.mitogen.bench.report.Plot;
import io.mitogen.bench.report.Result;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pictures that more than one workload gives figures for. Any thread. */
final class Overview {
    private Overview() {}

    /** Returns the pictures for which there are figures, by the name of their file. */
    static Map<String, Plot> of(List<Result> results) {
        Map<String, Plot> plots = new LinkedHashMap<>();
        List<Figure> connects = first(results, List.of("local_connect", "local_connect_first_call", "connect_burst"));
        if (!connects.isEmpty()) {
            plots.put("connect", BarPlot.of("Starting a context on this machine", connects));
        }
        List<Figure> calls = first(results, List.of("call_rtt", "call_pipelined"));
        if (!calls.isEmpty()) {
            plots.put("call", BarPlot.of("An empty call, alone and among 10 000 in flight", calls));
        }
        return plots;
    }

    private static List<Figure> first(List<Result> results, List<String> keys) {
        return results.stream()
                .filter(result -> keys.contains(result.key()) && !result.isFailure())
                .map(result -> result.figures().get(0))
                .toList();
    }
}
