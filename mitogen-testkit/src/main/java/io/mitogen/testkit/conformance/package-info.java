// SPDX-License-Identifier: BSD-3-Clause
/**
 * The conformance kit: tells of any implementation of Mitogen which rules of the protocol it keeps. This package is the command line and the
 * reports; {@code wire} knows bytes, {@code peer} implementations, {@code cases} the rules. It uses the JDK alone, and of this library only what
 * starts its child. One thread, and one for each link.
 */
package io.mitogen.testkit.conformance;
