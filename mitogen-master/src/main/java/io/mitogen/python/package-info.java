// SPDX-License-Identifier: BSD-3-Clause
/**
 * Contexts that are Python interpreters: what starts one, and what serves its modules.
 * May use {@code parent}, {@code relay} and the core; the classes that a parent needs are shipped to it when it first starts such a context.
 * Values and files are for any thread; what answers messages lives on the broker thread and never waits.
 */
package io.mitogen.python;
