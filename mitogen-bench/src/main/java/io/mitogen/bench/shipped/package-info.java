// SPDX-License-Identifier: BSD-3-Clause
/**
 * The user's side of the measurements: functions that are shipped to contexts and called there. Each class stands alone, so that no
 * more is shipped than is called. Lives on the main thread of contexts.
 */
package io.mitogen.bench.shipped;
