// SPDX-License-Identifier: BSD-3-Clause
/** Mutated input for hours or seconds: what the fuzz tests of all packages share. */
package io.mitogen.core.fuzz;
