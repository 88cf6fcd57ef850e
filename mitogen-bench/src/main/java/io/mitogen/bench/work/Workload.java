// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.work;

import io.mitogen.bench.report.Result;

/** Something that is measured. It closes all that it starts, also when it is interrupted or fails. */
public interface Workload {
    /** Returns its name in results.json. */
    String key();

    /** Returns what it measures, as a sentence without an end. */
    String title();

    /** Measures. */
    Result measure(Stand stand) throws Exception;
}
