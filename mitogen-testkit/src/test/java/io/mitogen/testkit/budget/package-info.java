// SPDX-License-Identifier: BSD-3-Clause
/** The limits on what the start of a context costs, counted and never timed. May use all modules. Any thread. */
package io.mitogen.testkit.budget;
