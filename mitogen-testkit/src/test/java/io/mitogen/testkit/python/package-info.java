// SPDX-License-Identifier: BSD-3-Clause
/** Real Python interpreters as contexts, beside, below and above JVMs. */
package io.mitogen.testkit.python;
