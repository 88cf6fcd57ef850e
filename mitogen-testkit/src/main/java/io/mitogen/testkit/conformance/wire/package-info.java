// SPDX-License-Identifier: BSD-3-Clause
/**
 * What the kit knows of bytes: frames, pickles and JSON. It is written anew and shares nothing with the library's own codec, or a mistake there would
 * excuse itself. Uses the JDK alone; values belong to one thread at a time.
 */
package io.mitogen.testkit.conformance.wire;
