// SPDX-License-Identifier: BSD-3-Clause
/**
 * The workloads: one class for each key of results.json. May use the report, the other sides, what is shipped, and every exported
 * package of the library. Lives on the thread of the suite.
 */
package io.mitogen.bench.work;
