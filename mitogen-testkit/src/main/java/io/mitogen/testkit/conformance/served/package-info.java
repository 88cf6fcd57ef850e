// SPDX-License-Identifier: BSD-3-Clause
/** What the kit sends to JVM contexts as a class that they do not have. Uses nothing. */
package io.mitogen.testkit.conformance.served;
