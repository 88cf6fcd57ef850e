// SPDX-License-Identifier: BSD-3-Clause

/**
 * Calls between contexts: naming what is to run, converting values to the types it declares, and running it. It uses the
 * root package, the pickle and the routing rooms. Naming and converting happen on the caller's thread, running on the main
 * thread of the child, and nothing here waits on the broker thread.
 */
package io.mitogen.core.call;
