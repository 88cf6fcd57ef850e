// SPDX-License-Identifier: BSD-3-Clause
/**
 * What this library is measured beside: a bare pipe between two processes, and Python Mitogen; and what the system says of a
 * process. May use the report's samples. Lives on the thread of the workload.
 */
package io.mitogen.bench.side;
