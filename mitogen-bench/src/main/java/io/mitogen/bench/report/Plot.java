// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

/** A picture of figures. Immutable, any thread. */
public interface Plot {
    /** Returns what it shows, for those who do not see it. */
    String title();

    /** Returns the picture, a whole SVG document. */
    String toSvg();
}
