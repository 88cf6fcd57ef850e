// SPDX-License-Identifier: BSD-3-Clause
/** The engine of the fuzz tests of all packages: mutated input for seconds or minutes. */
package io.mitogen.core.fuzz;
