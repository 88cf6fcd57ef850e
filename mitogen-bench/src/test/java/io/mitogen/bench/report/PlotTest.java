// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** Plots are read with the JDK's XML parser. */
final class PlotTest {
    private static final String STRANGE = "a < b & \"c\" > d \u0000\ud800";

    @Test
    void shouldDrawABarForEachKnownValue() throws Exception {
        Figure one = figure("one", 1, 2);
        Figure two = figure("two", 3);

        Document svg = parse(BarPlot.of("title", List.of(one, two)).toSvg());

        int ground = 1;
        int keys = 2;
        int bars = 3;
        assertEquals(ground + keys + bars, svg.getElementsByTagName("rect").getLength());
        assertEquals("title", svg.getElementsByTagName("title").item(0).getTextContent());
    }

    @Test
    void shouldDrawADotForEachKnownValue() throws Exception {
        List<Figure> figures = List.of(figure("1", 1, 5), figure("4", 2), figure("16", 3, 4));
        LinePlot plot = new LinePlot(
                "title", "us", "threads", List.of(1, 4, 16), List.of(Series.ours(figures), Series.python("", figures)));

        Document svg = parse(plot.toSvg());

        assertEquals(5, svg.getElementsByTagName("circle").getLength());
    }

    @Test
    void shouldBeWellFormedWhateverTheNames() throws Exception {
        Document svg = parse(BarPlot.of(STRANGE, List.of(figure(STRANGE, 1))).toSvg());

        assertEquals(
                "a < b & \"c\" > d ", svg.getElementsByTagName("title").item(0).getTextContent());
    }

    @Test
    void shouldDrawAnEmptyPlotWhenNothingIsKnown() throws Exception {
        List<Figure> figures = List.of(Figure.plain("none", "us"));

        parse(BarPlot.of("title", figures).toSvg());
        parse(new LinePlot("title", "us", "hops", List.of(1), List.of(Series.ours(figures))).toSvg());
    }

    private static Figure figure(String name, double ours, double... python) {
        Figure figure = Figure.plain(name, "us");
        figure.ours().add(ours);
        figure.python().addAll(python);
        return figure;
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }
}
