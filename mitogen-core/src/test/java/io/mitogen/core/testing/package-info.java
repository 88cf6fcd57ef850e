// SPDX-License-Identifier: BSD-3-Clause
/** Helpers of the tests of all modules. May use the core. Any thread. */
package io.mitogen.core.testing;
