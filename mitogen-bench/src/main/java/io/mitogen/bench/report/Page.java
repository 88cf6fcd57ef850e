// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The page for people: Markdown, with plots in a folder beside it. One thread at a time. */
public final class Page {
    private final StringBuilder out = new StringBuilder();
    private final Map<String, Plot> plots = new LinkedHashMap<>();
    private final String folder;

    private Page(String folder) {
        this.folder = folder;
    }

    /**
     * Writes {@code benchmarks.md} into {@code target}, and its plots into the folder {@code benchmarks} there.
     *
     * @param machine what was measured where
     * @param overview plots that stand at the top, by the name of their file
     */
    public static void write(Path target, Map<String, Object> machine, Map<String, Plot> overview, List<Result> results)
            throws IOException {
        Page page = new Page("benchmarks");
        page.head(machine);
        page.bounds(results);
        overview.forEach(page::plot);
        results.forEach(page::section);
        Path pictures = Files.createDirectories(target.resolve(page.folder));
        for (Map.Entry<String, Plot> plot : page.plots.entrySet()) {
            Files.writeString(
                    pictures.resolve(plot.getKey() + ".svg"), plot.getValue().toSvg());
        }
        Files.writeString(target.resolve("benchmarks.md"), page.out.toString());
    }

    private void head(Map<String, Object> machine) {
        line("# Benchmarks");
        line("");
        line(
                "This library, Python Mitogen, and as the limit a bare pipe between two processes, measured in turns in one run.");
        line(
                "`bin/bench` made this page; on another machine it makes another one. Figures are medians. In the plots, JVM is this library"
                        + " and Python is Python Mitogen.");
        line("");
        line("| | |");
        line("|---|---|");
        machine.forEach((name, value) -> row(List.of(name.replace('_', ' '), said(value))));
        line("");
    }

    private static String said(Object value) {
        return value instanceof Double number ? Numerals.of(number) : String.valueOf(value);
    }

    private void bounds(List<Result> results) {
        line("## At a glance");
        line("");
        row(Verdicts.HEAD);
        line("|---|---|--:|--:|---|--:|---|");
        Verdicts.rows(results).forEach(this::row);
        line("");
    }

    private void section(Result result) {
        line("## " + result.title());
        line("");
        line("Key `" + result.key() + "`.");
        if (result.isFailure()) {
            line("Not measured: " + result.failure());
        }
        result.notes().forEach(this::line);
        line("");
        if (!result.isFailure()) {
            line("| | unit | ours | p99 | Python | its p99 | pipe | ours / Python | ours / pipe |");
            line("|---|---|--:|--:|--:|--:|--:|--:|--:|");
            result.figures().forEach(this::figure);
            line("");
        }
        result.plots().forEach(this::plot);
    }

    private void figure(Figure figure) {
        row(List.of(
                figure.name(),
                figure.unit(),
                Numerals.of(figure.ours().median()),
                figure.hasTail() ? Numerals.of(figure.ours().p99()) : "",
                known(figure.python().median()),
                figure.hasTail() ? known(figure.python().p99()) : "",
                known(figure.limit().median()),
                known(figure.toPython()),
                known(figure.toLimit())));
    }

    private static String known(double value) {
        return Double.isFinite(value) ? Numerals.of(value) : "";
    }

    private void plot(String name, Plot plot) {
        plots.put(name, plot);
        line("![" + plot.title() + "](" + folder + "/" + name + ".svg)");
        line("");
    }

    private void row(List<String> cells) {
        line("| " + String.join(" | ", cells.stream().map(Page::cell).toList()) + " |");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replaceAll("\\s+", " ");
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
