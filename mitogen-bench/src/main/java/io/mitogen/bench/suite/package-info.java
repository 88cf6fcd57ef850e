// SPDX-License-Identifier: BSD-3-Clause
/**
 * The program behind {@code bin/bench}: it runs the workloads one after another and writes what they found. May use all of this
 * module. Lives on the main thread.
 */
package io.mitogen.bench.suite;
