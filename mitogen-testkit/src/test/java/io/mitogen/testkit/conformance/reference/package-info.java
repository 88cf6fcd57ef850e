// SPDX-License-Identifier: BSD-3-Clause
/** A small implementation of the protocol that keeps all rules of the kit, and can be told to break one. */
package io.mitogen.testkit.conformance.reference;
