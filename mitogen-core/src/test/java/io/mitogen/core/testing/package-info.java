// SPDX-License-Identifier: BSD-3-Clause
/**
 * What tests of several rooms and modules share: waiting, time, recorded logs, raw bytes of the wire, scripted peers.
 * May use everything in the core; published in the core's test-jar.
 * Each type says which thread it is for.
 */
package io.mitogen.core.testing;
