// SPDX-License-Identifier: BSD-3-Clause
/**
 * What was measured, and how it is told: samples, figures, bounds, and their JSON, table, page and plots. Depends on the JDK
 * alone. One thread at a time.
 */
package io.mitogen.bench.report;
