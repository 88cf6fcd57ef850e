// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

/** The context a called function runs in, given to every function that has a parameter of this type. Any thread. */
public final class ChildContext {}
